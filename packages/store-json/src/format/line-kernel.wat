;; Reads lines of chunks as they are written: where each begins, where its id ends, where its vector begins, the vector and its length.
;; Writes vectors as decimals.
;;
;; In the memory: from 0 on the doubles 10^0 to 10^22, from 184 on the 64-bit integers 10^0 to 10^16.
;;
;; After a change: node packages/store-json/test/compile-kernels.ts
(module
  (import "store" "memory" (memory 1))
  ;; Reads the numbers of a JSON array, as far as they are decimals of at most fifteen digits: `-`, digits, `.`, digits, perhaps `e-` and one or two
  ;; digits. The digits behind the point are read in one go. The digits make a whole number below 2^53, and a power of ten up to 10^22 is a
  ;; double, too, so that their quotient is the double that is nearest to the decimal, which is what `Number` gives.
  ;;
  ;; $at      where the first number begins. Sixteen bytes that are no digits stand behind the array
  ;; $result  where the numbers go, in single precision
  ;; $count   how many numbers there must be, at least 1
  ;; Returns the place behind `]`, or 0 when there is anything else.
  (func $decimal (export "decimal") (param $at i32) (param $result i32) (param $count i32) (result i32)
    (local $negative i32) (local $first i32) (local $digit i32) (local $digits i32) (local $read i32)
    (local $mantissa i64) (local $bytes v128) (local $value f64)
    (local $zeros v128) (local $nines v128) (local $lanes v128) (local $powers v128) (local $ones v128) (local $highPowers v128)
    ;; In registers for the whole loop, where constants would be made anew in each round.
    (local.set $zeros (v128.const i8x16 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30 0x30))
    (local.set $nines (v128.const i8x16 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9))
    (local.set $lanes (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15))
    (local.set $powers (v128.const i16x8 1000 100 10 1 1000 100 10 1))
    (local.set $ones (v128.const i16x8 1 1 1 1 1 1 1 1))
    (local.set $highPowers (v128.const i16x8 10000 1 10000 1 10000 1 10000 1))
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
            (local.get $zeros)))
        (local.set $read
          (i32.ctz
            (i32.or
              (i8x16.bitmask
                (i8x16.gt_u (local.get $bytes) (local.get $nines)))
              (i32.const 0x10000))))
        (if (i32.eqz (local.get $read)) (then (return (i32.const 0))))
        (local.set $first (local.get $read))
        ;; To the end of the sixteen, with zeros before them.
        (local.set $bytes
          (i8x16.swizzle
            (local.get $bytes)
            (i8x16.sub
              (local.get $lanes)
              (i8x16.splat (i32.sub (i32.const 16) (local.get $read))))))
        ;; Digits are made numbers of two digits, four, eight.
        (local.set $bytes
          (i16x8.narrow_i32x4_s
            (i32x4.dot_i16x8_s
              (i16x8.extend_low_i8x16_u (local.get $bytes)) (local.get $powers))
            (i32x4.dot_i16x8_s
              (i16x8.extend_high_i8x16_u (local.get $bytes)) (local.get $powers))))
        (local.set $bytes (i32x4.dot_i16x8_s (local.get $bytes) (local.get $ones)))
        (local.set $bytes
          (i32x4.dot_i16x8_s
            (i16x8.narrow_i32x4_s (local.get $bytes) (local.get $bytes))
            (local.get $highPowers)))
        (local.set $mantissa
          (i64.add
            (i64.mul (local.get $mantissa) (i64.load offset=184 (i32.shl (local.get $read) (i32.const 3))))
            (i64.add
              (i64.mul (i64.extend_i32_u (i32x4.extract_lane 0 (local.get $bytes))) (i64.const 100000000))
              (i64.extend_i32_u (i32x4.extract_lane 1 (local.get $bytes))))))
        (local.set $at (i32.add (local.get $at) (i32.add (local.get $read) (i32.const 1))))))

      ;; $first are the digits behind the point.
      (if (i32.gt_u (i32.add (local.get $digits) (local.get $first)) (i32.const 15)) (then (return (i32.const 0))))
      ;; Numbers below a millionth are written with an exponent: more digits behind the point.
      (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 0x65)) (then
        (local.set $digit (i32.sub (i32.load8_u offset=2 (local.get $at)) (i32.const 0x30)))
        (if (i32.or
              (i32.ne (i32.load8_u offset=1 (local.get $at)) (i32.const 0x2d))
              (i32.gt_u (local.get $digit) (i32.const 9)))
          (then (return (i32.const 0))))
        (local.set $at (i32.add (local.get $at) (i32.const 3)))
        (local.set $read (local.get $digit))
        (local.set $digit (i32.sub (i32.load8_u (local.get $at)) (i32.const 0x30)))
        (if (i32.le_u (local.get $digit) (i32.const 9)) (then
          (local.set $read (i32.add (i32.mul (local.get $read) (i32.const 10)) (local.get $digit)))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))))
        (local.set $first (i32.add (local.get $first) (local.get $read)))
        (if (i32.gt_u (local.get $first) (i32.const 22)) (then (return (i32.const 0))))))
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
    (local.get $at))

  ;; Reads base64 (RFC 4648) of sixteen characters at a step, after W. Mula and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2
  ;; Instructions", ACM Transactions on the Web 12 (2018): what must be added to a character follows from its upper four bits, and
  ;; which characters there are from the upper and the lower four.
  ;;
  ;; $at      where the first character stands
  ;; $result  where the bytes go; up to sixteen bytes behind them are overwritten
  ;; $bytes   how many bytes there must be, at least 1
  ;; Returns the place behind the last character, or 0 when it is not exactly what these bytes are written as.
  (func $base64 (param $at i32) (param $result i32) (param $bytes i32) (result i32)
    (local $chars v128) (local $high v128) (local $low v128) (local $wrong v128) (local $lanes v128) (local $kept i32)
    (local $lowTable v128) (local $highTable v128) (local $offsets v128) (local $fifteen v128) (local $slash v128) (local $sixBits v128) (local $factors v128)
    (local.set $lanes (v128.const i8x16 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15))
    ;; Likewise in registers.
    (local.set $lowTable (v128.const i8x16 0x15 0x11 0x11 0x11 0x11 0x11 0x11 0x11 0x11 0x11 0x13 0x1a 0x1b 0x1b 0x1b 0x1a))
    (local.set $highTable (v128.const i8x16 0x10 0x10 0x01 0x02 0x04 0x08 0x04 0x08 0x10 0x10 0x10 0x10 0x10 0x10 0x10 0x10))
    (local.set $offsets (v128.const i8x16 0 16 19 4 -65 -65 -71 -71 0 0 0 0 0 0 0 0))
    (local.set $fifteen (i8x16.splat (i32.const 15)))
    (local.set $slash (i8x16.splat (i32.const 0x2f)))
    (local.set $sixBits (i16x8.splat (i32.const 0x3f)))
    (local.set $factors (v128.const i16x8 0x1000 1 0x1000 1 0x1000 1 0x1000 1))
    (block $done
      (loop $steps
        (local.set $chars (v128.load align=1 (local.get $at)))
        ;; The last characters stand for fewer than twelve bytes. `=` and what comes behind is taken as `A`, which is zero.
        (if (i32.lt_u (local.get $bytes) (i32.const 12)) (then
          (br_if $done (i32.eqz (local.get $bytes)))
          (local.set $kept (i32.div_u (i32.add (i32.mul (local.get $bytes) (i32.const 4)) (i32.const 2)) (i32.const 3)))
          (local.set $chars
            (v128.bitselect
              (local.get $chars)
              (i8x16.splat (i32.const 0x41))
              (i8x16.lt_u (local.get $lanes) (i8x16.splat (local.get $kept)))))))
        (local.set $high (i8x16.shr_u (local.get $chars) (i32.const 4)))
        (local.set $low (v128.and (local.get $chars) (local.get $fifteen)))
        ;; No bit is in both for a character of base64.
        (local.set $wrong
          (v128.or
            (local.get $wrong)
            (v128.and
              (i8x16.swizzle
                (local.get $lowTable)
                (local.get $low))
              (i8x16.swizzle
                (local.get $highTable)
                (local.get $high)))))
        ;; Characters are made numbers of six bits; `/` has the upper bits of `+`.
        (local.set $chars
          (i8x16.add
            (local.get $chars)
            (i8x16.swizzle
              (local.get $offsets)
              (i8x16.add (local.get $high) (i8x16.eq (local.get $chars) (local.get $slash))))))
        ;; These numbers of twelve, then twenty-four, whose bytes are turned round.
        (local.set $chars
          (i32x4.dot_i16x8_s
            (v128.or
              (i16x8.shl (v128.and (local.get $chars) (local.get $sixBits)) (i32.const 6))
              (i16x8.shr_u (local.get $chars) (i32.const 8)))
            (local.get $factors)))
        (local.set $chars
          (i8x16.shuffle 2 1 0 6 5 4 10 9 8 14 13 12 3 7 11 15 (local.get $chars) (local.get $chars)))
        (v128.store align=1 (local.get $result) (local.get $chars))
        (local.set $result (i32.add (local.get $result) (i32.const 12)))
        (if (i32.ge_u (local.get $bytes) (i32.const 12)) (then
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (local.set $bytes (i32.sub (local.get $bytes) (i32.const 12)))
          (br $steps))))
      ;; The bits of the last characters that belong to no byte are zero, and they are filled up to four, or to eight and so on.
      (local.set $wrong
        (v128.or
          (local.get $wrong)
          (v128.and (local.get $chars) (i8x16.ge_u (local.get $lanes) (i8x16.splat (local.get $bytes))))))
      (local.set $at (i32.add (local.get $at) (local.get $kept)))
      (loop $fill
        (if (i32.and (local.get $kept) (i32.const 3)) (then
          (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x3d)) (then (return (i32.const 0))))
          (local.set $at (i32.add (local.get $at) (i32.const 1)))
          (local.set $kept (i32.add (local.get $kept) (i32.const 1)))
          (br $fill)))))
    (select (i32.const 0) (local.get $at) (v128.any_true (local.get $wrong))))

  ;; The place of the last `[` before $end, or 0 when there is none from $start on. There are sixteen bytes before $start.
  (func $lastBracket (param $start i32) (param $end i32) (result i32)
    (local $found i32)
    (loop $steps
      (local.set $end (i32.sub (local.get $end) (i32.const 16)))
      (local.set $found
        (i8x16.bitmask (i8x16.eq (v128.load align=1 (local.get $end)) (i8x16.splat (i32.const 0x5b)))))
      (if (local.get $found) (then
        (local.set $end (i32.add (local.get $end) (i32.sub (i32.const 31) (i32.clz (local.get $found)))))
        (return (select (local.get $end) (i32.const 0) (i32.ge_u (local.get $end) (local.get $start))))))
      (br_if $steps (i32.gt_u (local.get $end) (local.get $start))))
    (i32.const 0))

  ;; Euclidean length of $count numbers, in double precision: their squares, summed one after another.
  (func $length (param $at i32) (param $count i32) (result f64)
    (local $number f64) (local $sum f64)
    (loop $numbers
      (local.set $number (f64.promote_f32 (f32.load (local.get $at))))
      (local.set $sum (f64.add (local.get $sum) (f64.mul (local.get $number) (local.get $number))))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $numbers (local.get $count)))
    (f64.sqrt (local.get $sum)))

  ;; The place of the first byte that is $first or $second, from $at on; $end or more when there is none before. Sixteen bytes follow $end.
  (func $find (param $at i32) (param $end i32) (param $first i32) (param $second i32) (result i32)
    (local $found i32)
    (loop $steps
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (local.get $end))))
      (local.set $found
        (i8x16.bitmask
          (v128.or
            (i8x16.eq (v128.load align=1 (local.get $at)) (i8x16.splat (local.get $first)))
            (i8x16.eq (v128.load align=1 (local.get $at)) (i8x16.splat (local.get $second))))))
      (if (local.get $found) (then (return (i32.add (local.get $at) (i32.ctz (local.get $found))))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br $steps))
    (unreachable))

  ;; Reads lines as far as they begin with `{"id":"`, have an id without `\`, and end with a vector of plain decimals or of base64.
  ;;
  ;; $at          where the first line begins. Sixteen bytes stand before it
  ;; $end         where the text ends; 32 bytes of zero follow
  ;; $count       most lines to be read, at least 1
  ;; $dimensions  numbers of a vector, at least 1
  ;; $result      where the vectors go, in single precision; sixteen bytes behind them are overwritten
  ;; $places      where the rest goes, five doubles for each line: the places of its start, of the end of its id, of the start of its
  ;;              vector and of what follows its line feed, and the length of its vector
  ;; Returns how many lines were read: those before the first that is not whole, or anything else.
  (func (export "lines")
    (param $at i32) (param $end i32) (param $count i32) (param $dimensions i32) (param $result i32) (param $places i32)
    (result i32)
    (local $line i32) (local $close i32) (local $vector i32) (local $bytes i32) (local $read i32)
    (local.set $bytes (i32.mul (local.get $dimensions) (i32.const 4)))
    (loop $lines
      (local.set $line (local.get $at))
      (if (i64.ne
            (i64.and (i64.load align=1 (local.get $line)) (i64.const 0x00ffffffffffffff))
            (i64.const 0x00223a226469227b))
        (then (return (local.get $read))))
      (f64.store (local.get $places) (f64.convert_i32_u (local.get $line)))

      ;; The first quotation mark, or what the id may not have, behind its first.
      (local.set $at
        (call $find (i32.add (local.get $line) (i32.const 7)) (local.get $end) (i32.const 0x22) (i32.const 0x5c)))
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x22)) (then (return (local.get $read))))
      (f64.store offset=8 (local.get $places) (f64.convert_i32_u (local.get $at)))

      ;; The line feed.
      (local.set $at (call $find (local.get $at) (local.get $end) (i32.const 0x0a) (i32.const 0x0a)))
      (if (i32.ge_u (local.get $at) (local.get $end)) (then (return (local.get $read))))

      ;; What closes the vector, what opens it, its key.
      (local.set $close (i32.sub (local.get $at) (i32.const 2)))
      (if (i32.ne (i32.load8_u offset=1 (local.get $close)) (i32.const 0x7d)) (then (return (local.get $read))))
      (local.set $vector
        (if (result i32) (i32.eq (i32.load8_u (local.get $close)) (i32.const 0x5d))
          (then (call $lastBracket (local.get $line) (local.get $close)))
          (else
            (i32.sub
              (local.get $close)
              (i32.add
                (i32.shl (i32.div_u (i32.add (local.get $bytes) (i32.const 2)) (i32.const 3)) (i32.const 2))
                (i32.const 1))))))
      (if (i32.lt_s (local.get $vector) (i32.add (local.get $line) (i32.const 16))) (then (return (local.get $read))))
      (if (i32.ne
            (i32.or
              (i8x16.bitmask
                (i8x16.eq
                  (v128.load align=1 (i32.sub (local.get $vector) (i32.const 16)))
                  (v128.const i8x16 0 0 0 0x2c 0x22 0x65 0x6d 0x62 0x65 0x64 0x64 0x69 0x6e 0x67 0x22 0x3a)))
              (i32.const 7))
            (i32.const 0xffff))
        (then (return (local.get $read))))
      (f64.store offset=16 (local.get $places) (f64.convert_i32_u (local.get $vector)))

      (if (i32.eq (i32.load8_u (local.get $close)) (i32.const 0x5d))
        (then
          (if (i32.ne
                (call $decimal
                  (i32.add (local.get $vector) (i32.const 1)) (local.get $result) (local.get $dimensions))
                (i32.add (local.get $close) (i32.const 1)))
            (then (return (local.get $read)))))
        (else
          (if (i32.or
                (i32.ne (i32.load8_u (local.get $close)) (i32.const 0x22))
                (i32.ne (i32.load8_u (local.get $vector)) (i32.const 0x22)))
            (then (return (local.get $read))))
          (if (i32.ne
                (call $base64 (i32.add (local.get $vector) (i32.const 1)) (local.get $result) (local.get $bytes))
                (local.get $close))
            (then (return (local.get $read))))))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (f64.store offset=24 (local.get $places) (f64.convert_i32_u (local.get $at)))
      (f64.store offset=32 (local.get $places) (call $length (local.get $result) (local.get $dimensions)))
      (local.set $result (i32.add (local.get $result) (local.get $bytes)))
      (local.set $places (i32.add (local.get $places) (i32.const 40)))
      (local.set $read (i32.add (local.get $read) (i32.const 1)))
      (br_if $lines (i32.lt_u (local.get $read) (local.get $count))))
    (local.get $read))

  ;; Reads entries of the array in an indented file, likewise: as far as they begin with `    {`, the id on a line of its own, and end with a
  ;; vector of plain decimals on its own line, `    }`, and a comma and a line feed or the end of the text. The place of an entry is that of
  ;; its brace.
  (func (export "entries")
    (param $at i32) (param $end i32) (param $count i32) (param $dimensions i32) (param $result i32) (param $places i32)
    (result i32)
    (local $read i32)
    (loop $entries
      (if (i32.or
            (i32.ne
              (i8x16.bitmask
                (i8x16.eq
                  (v128.load align=1 (local.get $at))
                  (v128.const i8x16 0x20 0x20 0x20 0x20 0x7b 0x0a 0x20 0x20 0x20 0x20 0x20 0x20 0x22 0x69 0x64 0x22)))
              (i32.const 0xffff))
            (i32.ne
              (i32.and (i32.load offset=16 align=1 (local.get $at)) (i32.const 0x00ffffff))
              (i32.const 0x0022203a)))
        (then (return (local.get $read))))
      (f64.store (local.get $places) (f64.convert_i32_u (i32.add (local.get $at) (i32.const 4))))

      ;; The first quotation mark, or what the id may not have, behind its first.
      (local.set $at
        (call $find (i32.add (local.get $at) (i32.const 19)) (local.get $end) (i32.const 0x22) (i32.const 0x5c)))
      (if (i32.ne (i32.load8_u (local.get $at)) (i32.const 0x22)) (then (return (local.get $read))))
      (f64.store offset=8 (local.get $places) (f64.convert_i32_u (local.get $at)))

      ;; The line of the vector: a member like all others, but for its key. No other line of an entry begins with fewer blanks but the last.
      (loop $members
        (local.set $at
          (i32.add
            (call $find (local.get $at) (local.get $end) (i32.const 0x0a) (i32.const 0x0a))
            (i32.const 1)))
        (if (i32.or
              (i32.ge_u (local.get $at) (local.get $end))
              (i64.ne
                (i64.and (i64.load align=1 (local.get $at)) (i64.const 0x00ffffffffffffff))
                (i64.const 0x0022202020202020)))
          (then (return (local.get $read))))
        (br_if $members
          (i32.or
            (i32.ne
              (i8x16.bitmask
                (i8x16.eq
                  (v128.load align=1 (local.get $at))
                  (v128.const i8x16 0x20 0x20 0x20 0x20 0x20 0x20 0x22 0x65 0x6d 0x62 0x65 0x64 0x64 0x69 0x6e 0x67)))
              (i32.const 0xffff))
            (i32.ne (i32.load offset=16 align=1 (local.get $at)) (i32.const 0x5b203a22)))))
      (local.set $at (i32.add (local.get $at) (i32.const 19)))
      (f64.store offset=16 (local.get $places) (f64.convert_i32_u (local.get $at)))

      (local.set $at
        (call $decimal (i32.add (local.get $at) (i32.const 1)) (local.get $result) (local.get $dimensions)))
      (if (i32.or
            (i32.eqz (local.get $at))
            (i64.ne
              (i64.and (i64.load align=1 (local.get $at)) (i64.const 0x0000ffffffffffff))
              (i64.const 0x00007d202020200a)))
        (then (return (local.get $read))))
      (local.set $at (i32.add (local.get $at) (i32.const 6)))
      (if (i32.lt_u (local.get $at) (local.get $end)) (then
        (if (i32.ne (i32.load16_u align=1 (local.get $at)) (i32.const 0x0a2c)) (then (return (local.get $read))))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))))
      (f64.store offset=24 (local.get $places) (f64.convert_i32_u (local.get $at)))
      (f64.store offset=32 (local.get $places) (call $length (local.get $result) (local.get $dimensions)))
      (local.set $result (i32.add (local.get $result) (i32.mul (local.get $dimensions) (i32.const 4))))
      (local.set $places (i32.add (local.get $places) (i32.const 40)))
      (local.set $read (i32.add (local.get $read) (i32.const 1)))
      (br_if $entries (i32.lt_u (local.get $read) (local.get $count))))
    (local.get $read))

  ;; Writes numbers as a JSON array without its opening bracket, each as the shortest decimal that gives back the same float: by the steps of
  ;; encode-vector.ts, which tells the reasons.
  ;;
  ;; $at      where the numbers stand
  ;; $count   how many there are, at least 1
  ;; $target  where the text goes: at most 18 bytes for each
  ;; Returns the place behind `]`, or 0 when one is neither zero nor from 1e-6 to 1 in magnitude.
  (func (export "encode") (param $at i32) (param $count i32) (param $target i32) (result i32)
    (local $bits i32) (local $places i32) (local $rest i32) (local $next i32) (local $digit i32)
    (local $magnitude f32) (local $value f64) (local $power f64) (local $decimal f64) (local $up f64)
    (loop $numbers
      (local.set $bits (i32.load (local.get $at)))
      (local.set $at (i32.add (local.get $at) (i32.const 4)))
      (i32.store8 (local.get $target) (i32.const 0x2d))
      (local.set $target (i32.add (local.get $target) (i32.shr_u (local.get $bits) (i32.const 31))))
      (local.set $magnitude (f32.reinterpret_i32 (i32.and (local.get $bits) (i32.const 0x7fffffff))))
      (local.set $value (f64.promote_f32 (local.get $magnitude)))
      (i32.store8 (local.get $target) (i32.const 0x30))
      (local.set $target (i32.add (local.get $target) (i32.const 1)))
      (if (i32.shl (local.get $bits) (i32.const 1)) (then
        (if (i32.eqz
              (i32.and
                (f64.ge (local.get $value) (f64.const 1e-6))
                (f64.lt (local.get $value) (f64.const 1))))
          (then (return (i32.const 0))))
        (i32.store8 (local.get $target) (i32.const 0x2e))

        ;; Decimal places for seven digits, or for six where these may do.
        (local.set $places
          (i32.add
            (i32.add
              (i32.add (i32.const 7) (f64.lt (local.get $value) (f64.const 0.1)))
              (i32.add
                (f64.lt (local.get $value) (f64.const 0.01))
                (f64.lt (local.get $value) (f64.const 0.001))))
            (i32.sub
              (i32.add
                (f64.lt (local.get $value) (f64.const 0.0001))
                (f64.lt (local.get $value) (f64.const 0.00001)))
              (i32.and
                (f64.ge (local.get $value) (f64.const 0.0009765625))
                (f64.lt (local.get $value) (f64.const 0.001))))))
        (loop $more
          (if (i32.gt_u (local.get $places) (i32.const 14)) (then (return (i32.const 0))))
          (local.set $power (f64.load (i32.shl (local.get $places) (i32.const 3))))
          (local.set $decimal (f64.mul (local.get $value) (local.get $power)))
          ;; To the nearest whole number, halves upwards.
          (local.set $up (f64.ceil (local.get $decimal)))
          (local.set $decimal
            (f64.sub
              (local.get $up)
              (f64.convert_i32_u
                (f64.gt (f64.sub (local.get $up) (f64.const 0.5)) (local.get $decimal)))))
          (if (f32.ne
                (f32.demote_f64 (f64.div (local.get $decimal) (local.get $power)))
                (local.get $magnitude))
            (then
              (local.set $places (i32.add (local.get $places) (i32.const 1)))
              (br $more))))
        (local.set $rest (i32.trunc_sat_f64_u (local.get $decimal)))

        ;; Without zeros at the end.
        (block $stripped
          (loop $zeros
            (local.set $next (i32.div_u (local.get $rest) (i32.const 10)))
            (br_if $stripped (i32.ne (i32.mul (local.get $next) (i32.const 10)) (local.get $rest)))
            (local.set $rest (local.get $next))
            (local.set $places (i32.sub (local.get $places) (i32.const 1)))
            (br $zeros)))
        (local.set $digit (i32.add (local.get $target) (local.get $places)))
        (loop $digits
          (local.set $next (i32.div_u (local.get $rest) (i32.const 10)))
          (i32.store8
            (local.get $digit)
            (i32.add
              (i32.const 0x30)
              (i32.sub (local.get $rest) (i32.mul (local.get $next) (i32.const 10)))))
          (local.set $rest (local.get $next))
          (local.set $digit (i32.sub (local.get $digit) (i32.const 1)))
          (br_if $digits (i32.ne (local.get $digit) (local.get $target))))
        (local.set $target (i32.add (local.get $target) (i32.add (local.get $places) (i32.const 1))))))
      (i32.store8 (local.get $target) (i32.const 0x2c))
      (local.set $target (i32.add (local.get $target) (i32.const 1)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $numbers (local.get $count)))
    (i32.store8 (i32.sub (local.get $target) (i32.const 1)) (i32.const 0x5d))
    (local.get $target)))
