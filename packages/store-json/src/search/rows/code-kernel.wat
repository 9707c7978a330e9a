;; Codes of vectors, one byte a number, and dot products of these with a vector of 16-bit numbers. Both go through sixteen numbers at a
;; step. The dot products are of whole numbers, so they are exact.
;;
;; $row     where the first row begins
;; $code    where the codes of the first row begin: one byte a number
;; $count   number of rows, at least 1
;; $bytes   bytes of the codes of a row: a multiple of 16, at least 16
;; $query   where the vector begins: two bytes a number
;; $result  where the results go
;;
;; After a change: node packages/store-json/test/compile-kernels.ts
(module
  (import "store" "memory" (memory 1))

  ;; Each row times 127 / its greatest magnitude, rounded. Results, four bytes each: that factor, and the sum of the squares of what the rounding did.
  (func (export "encode")
    (param $row i32) (param $code i32) (param $count i32) (param $bytes i32) (param $result i32)
    (local $at i32) (local $end i32) (local $greatest v128) (local $factor v128) (local $sum v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $ra v128) (local $rb v128) (local $rc v128) (local $rd v128)
    (loop $rows
      (local.set $end (i32.add (local.get $row) (i32.shl (local.get $bytes) (i32.const 2))))
      (local.set $at (local.get $row))
      (local.set $greatest (v128.const f32x4 0 0 0 0))
      (loop $steps
        (local.set $greatest (f32x4.max (local.get $greatest) (f32x4.abs (v128.load (local.get $at)))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br_if $steps (i32.lt_u (local.get $at) (local.get $end))))
      (local.set $factor (f32x4.splat (f32.div (f32.const 127)
        (f32.max
          (f32.max (f32x4.extract_lane 0 (local.get $greatest)) (f32x4.extract_lane 1 (local.get $greatest)))
          (f32.max (f32x4.extract_lane 2 (local.get $greatest)) (f32x4.extract_lane 3 (local.get $greatest)))))))
      (local.set $sum (v128.const f32x4 0 0 0 0))
      (loop $steps
        (local.set $a (f32x4.mul (local.get $factor) (v128.load offset=0 (local.get $row))))
        (local.set $b (f32x4.mul (local.get $factor) (v128.load offset=16 (local.get $row))))
        (local.set $c (f32x4.mul (local.get $factor) (v128.load offset=32 (local.get $row))))
        (local.set $d (f32x4.mul (local.get $factor) (v128.load offset=48 (local.get $row))))
        (local.set $ra (f32x4.nearest (local.get $a)))
        (local.set $rb (f32x4.nearest (local.get $b)))
        (local.set $rc (f32x4.nearest (local.get $c)))
        (local.set $rd (f32x4.nearest (local.get $d)))
        (v128.store (local.get $code)
          (i8x16.narrow_i16x8_s
            (i16x8.narrow_i32x4_s (i32x4.trunc_sat_f32x4_s (local.get $ra)) (i32x4.trunc_sat_f32x4_s (local.get $rb)))
            (i16x8.narrow_i32x4_s (i32x4.trunc_sat_f32x4_s (local.get $rc)) (i32x4.trunc_sat_f32x4_s (local.get $rd)))))
        (local.set $a (f32x4.sub (local.get $a) (local.get $ra)))
        (local.set $b (f32x4.sub (local.get $b) (local.get $rb)))
        (local.set $c (f32x4.sub (local.get $c) (local.get $rc)))
        (local.set $d (f32x4.sub (local.get $d) (local.get $rd)))
        (local.set $sum (f32x4.add (local.get $sum)
          (f32x4.add
            (f32x4.add (f32x4.mul (local.get $a) (local.get $a)) (f32x4.mul (local.get $b) (local.get $b)))
            (f32x4.add (f32x4.mul (local.get $c) (local.get $c)) (f32x4.mul (local.get $d) (local.get $d))))))
        (local.set $row (i32.add (local.get $row) (i32.const 64)))
        (local.set $code (i32.add (local.get $code) (i32.const 16)))
        (br_if $steps (i32.lt_u (local.get $row) (local.get $end))))
      (f32.store offset=0 (local.get $result) (f32x4.extract_lane 0 (local.get $factor)))
      (f32.store offset=4 (local.get $result)
        (f32.add
          (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
          (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum)))))
      (local.set $result (i32.add (local.get $result) (i32.const 8)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $rows (local.get $count))))

  ;; Results, four bytes each: the dot products.
  (func (export "dots")
    (param $code i32) (param $query i32) (param $count i32) (param $bytes i32) (param $result i32)
    (local $at i32) (local $end i32) (local $a v128) (local $b v128)
    (loop $rows
      (local.set $end (i32.add (local.get $code) (local.get $bytes)))
      (local.set $at (local.get $query))
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $b (v128.const i32x4 0 0 0 0))
      (loop $steps
        (local.set $a (i32x4.add (local.get $a)
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=0 (local.get $code)) (v128.load offset=0 (local.get $at)))))
        (local.set $b (i32x4.add (local.get $b)
          (i32x4.dot_i16x8_s (v128.load8x8_s offset=8 (local.get $code)) (v128.load offset=16 (local.get $at)))))
        (local.set $code (i32.add (local.get $code) (i32.const 16)))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br_if $steps (i32.lt_u (local.get $code) (local.get $end))))
      (local.set $a (i32x4.add (local.get $a) (local.get $b)))
      (i32.store (local.get $result)
        (i32.add
          (i32.add (i32x4.extract_lane 0 (local.get $a)) (i32x4.extract_lane 1 (local.get $a)))
          (i32.add (i32x4.extract_lane 2 (local.get $a)) (i32x4.extract_lane 3 (local.get $a)))))
      (local.set $result (i32.add (local.get $result) (i32.const 4)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $rows (local.get $count)))))
