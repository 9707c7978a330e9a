;; Reads the numbers of a JSON array, as far as they are plain decimals of at most fifteen digits: `-`, digits, `.`, digits. The digits behind
;; the point are read in one go. The digits make a whole number below 2^53, and a power of ten up to 10^15 is a double, too, so
;; that their quotient is the double that is nearest to the decimal, which is what `Number` gives.
;;
;; $at      where the first number begins. Sixteen bytes of zero stand behind the array
;; $result  where the numbers go, in single precision
;; $count   how many numbers there must be, at least 1
;; Returns the place behind `]`, or 0 when there is anything else.
;;
;; In the memory: from 0 on the doubles 10^0 to 10^15, from 128 on the 64-bit integers 10^0 to 10^16.
;;
;; After a change: node packages/store-json/test/compile-kernels.ts
(module
  (import "store" "memory" (memory 1))
  (func (export "decode") (param $at i32) (param $result i32) (param $count i32) (result i32)
    (local $negative i32) (local $first i32) (local $digit i32) (local $digits i32) (local $read i32)
    (local $mantissa i64) (local $bytes v128) (local $value f64)
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

      ;; Behind it: sixteen bytes at once, digits as 0 to 9. $read is how many of them come before the first that is none.
      (local.set $first (i32.const 0))
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x2e)) (then
        (local.set $bytes
          (i8x16.sub
            (v128.load offset=1 align=1 (local.get $at))
            (v128.const i8x16 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30)))
        (local.set $read
          (i32.ctz
            (i32.or
              (i8x16.bitmask
                (i8x16.gt_u (local.get $bytes) (v128.const i8x16 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9)))
              (i32.const 0x10000))))
        (if (i32.eqz (local.get $read)) (then (return (i32.const 0))))
        (local.set $first (local.get $read))
        ;; To the end of the sixteen, with zeros before them.
        (local.set $bytes
          (i8x16.swizzle
            (local.get $bytes)
            (i8x16.sub
              (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15)
              (i8x16.splat (i32.sub (i32.const 16) (local.get $read))))))
        ;; Digits are made numbers of two digits, four, eight.
        (local.set $bytes
          (i16x8.narrow_i32x4_s
            (i32x4.dot_i16x8_s
              (i16x8.extend_low_i8x16_u (local.get $bytes)) (v128.const i16x8 1000 100 10 1 1000 100 10 1))
            (i32x4.dot_i16x8_s
              (i16x8.extend_high_i8x16_u (local.get $bytes)) (v128.const i16x8 1000 100 10 1 1000 100 10 1))))
        (local.set $bytes (i32x4.dot_i16x8_s (local.get $bytes) (v128.const i16x8 1 1 1 1 1 1 1 1)))
        (local.set $bytes
          (i32x4.dot_i16x8_s
            (i16x8.narrow_i32x4_s (local.get $bytes) (local.get $bytes))
            (v128.const i16x8 10000 1 10000 1 10000 1 10000 1)))
        (local.set $mantissa
          (i64.add
            (i64.mul (local.get $mantissa) (i64.load offset=128 (i32.shl (local.get $read) (i32.const 3))))
            (i64.add
              (i64.mul (i64.extend_i32_u (i32x4.extract_lane 0 (local.get $bytes))) (i64.const 100000000))
              (i64.extend_i32_u (i32x4.extract_lane 1 (local.get $bytes))))))
        (local.set $at (i32.add (local.get $at) (i32.add (local.get $read) (i32.const 1))))))

      ;; $first are the digits behind the point.
      (if (i32.gt_u (i32.add (local.get $digits) (local.get $first)) (i32.const 15)) (then (return (i32.const 0))))
      (local.set $value
        (f64.div
          (f64.convert_i64_u (local.get $mantissa))
          (f64.load (i32.shl (local.get $first) (i32.const 3)))))
      ;; Half the numbers are negative, at random: the sign is set without a branch, which would be guessed wrong as often.
      (i32.store (local.get $result)
        (i32.or
          (i32.reinterpret_f32 (f32.demote_f64 (local.get $value)))
          (i32.shl (local.get $negative) (i32.const 31))))
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
