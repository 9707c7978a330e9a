;; Reads the numbers of a JSON array, as far as they are plain decimals of at most fifteen digits: `-`, digits, `.`, digits. Up to eight digits behind
;; the point are read in one go. The digits make a whole number below 2^53, and a power of ten up to 10^15 is a double, too, so
;; that their quotient is the double that is nearest to the decimal, which is what `Number` gives.
;;
;; $at      where the first number begins. Sixteen bytes of zero stand behind the array
;; $result  where the numbers go, in single precision
;; $count   how many numbers there must be, at least 1
;; Returns the place behind `]`, or 0 when there is anything else.
;;
;; In the memory: from 0 on the doubles 10^0 to 10^15, from 128 on the 64-bit integers 10^0 to 10^8.
;;
;; After a change: node packages/store-json/test/compile-kernels.ts
(module
  (import "store" "memory" (memory 1))
  (func (export "decode") (param $at i32) (param $result i32) (param $count i32) (result i32)
    (local $negative i32) (local $first i32) (local $digit i32) (local $digits i32) (local $read i32)
    (local $mantissa i64) (local $eight i64) (local $others i64) (local $value f64)
    (loop $numbers
      (local.set $negative (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2d)))
      (local.set $at (i32.add (local.get $at) (local.get $negative)))

      ;; Before the point: 0, or digits that do not begin with it.
      (local.set $first (local.get $at))
      (local.set $digit (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))
      (if (i32.gt_u (local.get $digit) (i32.const 9)) (then (return (i32.const 0))))
      (local.set $mantissa (i64.extend_i32_u (local.get $digit)))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (if (local.get $digit) (then
        (block $whole
          (loop $more
            (local.set $digit (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))
            (br_if $whole (i32.gt_u (local.get $digit) (i32.const 9)))
            (local.set $mantissa
              (i64.add (i64.mul (local.get $mantissa) (i64.const 10)) (i64.extend_i32_u (local.get $digit))))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br $more)))))
      (local.set $digits (i32.sub (local.get $at) (local.get $first)))

      ;; Behind it.
      (local.set $first (local.get $at))
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2e)) (then
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (local.set $first (local.get $at))
        (block $fraction
          (loop $more
            ;; The next eight bytes, digits as 0 to 9; in $others a bit for each that is none.
            (local.set $eight (i64.xor (i64.load align=1 (local.get $at)) (i64.const 0x3030303030303030)))
            (local.set $others
              (i64.and
                (i64.or (local.get $eight) (i64.add (local.get $eight) (i64.const 0x0606060606060606)))
                (i64.const 0xf0f0f0f0f0f0f0f0)))
            (local.set $read (i32.wrap_i64 (i64.shr_u (i64.ctz (local.get $others)) (i64.const 3))))
            (br_if $fraction (i32.eqz (local.get $read)))
            ;; Fewer than eight get zeros before them. Then two digits are made one number, four, eight.
            (local.set $eight
              (i64.shl
                (local.get $eight)
                (i64.extend_i32_u (i32.shl (i32.sub (i32.const 8) (local.get $read)) (i32.const 3)))))
            (local.set $eight
              (i64.add (i64.mul (local.get $eight) (i64.const 10)) (i64.shr_u (local.get $eight) (i64.const 8))))
            (local.set $eight
              (i64.shr_u
                (i64.add
                  (i64.mul
                    (i64.and (local.get $eight) (i64.const 0x000000ff000000ff))
                    (i64.const 0x000f424000000064))
                  (i64.mul
                    (i64.and (i64.shr_u (local.get $eight) (i64.const 16)) (i64.const 0x000000ff000000ff))
                    (i64.const 0x0000271000000001)))
                (i64.const 32)))
            (local.set $mantissa
              (i64.add
                (i64.mul
                  (local.get $mantissa)
                  (i64.load offset=128 (i32.shl (local.get $read) (i32.const 3))))
                (local.get $eight)))
            (local.set $at (i32.add (local.get $at) (local.get $read)))
            (br_if $more (i32.eq (local.get $read) (i32.const 8)))))
        (if (i32.eq (local.get $at) (local.get $first)) (then (return (i32.const 0))))))

      ;; From here on $first are the digits behind the point.
      (local.set $first (i32.sub (local.get $at) (local.get $first)))
      (if (i32.gt_u (i32.add (local.get $digits) (local.get $first)) (i32.const 15)) (then (return (i32.const 0))))
      (local.set $value
        (f64.div
          (f64.convert_i64_u (local.get $mantissa))
          (f64.load (i32.shl (local.get $first) (i32.const 3)))))
      (if (local.get $negative) (then (local.set $value (f64.neg (local.get $value)))))
      (f32.store (local.get $result) (f32.demote_f64 (local.get $value)))
      (local.set $result (i32.add (local.get $result) (i32.const 4)))

      ;; A comma, or the bracket after the last number.
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (if (i32.ne
            (i32.load8_u (local.get $at))
            (select (i32.const 0x2c) (i32.const 0x5d) (local.get $count)))
        (then (return (i32.const 0))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $numbers (local.get $count)))
    (local.get $at)))
