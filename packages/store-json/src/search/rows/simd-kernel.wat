;; Dot products of one vector with many that stand side by side, sixteen numbers at a step: four sums of four lanes each, so that no
;; addition waits for the one before. Equal rows give equal results, wherever they stand.
;;
;; $row     where the first row begins
;; $query   where the vector begins
;; $count   number of rows, at least 1
;; $bytes   bytes of a row and of the vector: a multiple of 64, at least 64
;; $result  where the results go, four bytes each
;;
;; After a change: node packages/store-json/test/compile-kernels.ts
(module
  (import "store" "memory" (memory 1))
  (func (export "dots")
    (param $row i32) (param $query i32) (param $count i32) (param $bytes i32) (param $result i32)
    (local $at i32) (local $end i32) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $end (i32.add (local.get $query) (local.get $bytes)))
    (loop $rows
      (local.set $a (v128.const f32x4 0 0 0 0))
      (local.set $b (v128.const f32x4 0 0 0 0))
      (local.set $c (v128.const f32x4 0 0 0 0))
      (local.set $d (v128.const f32x4 0 0 0 0))
      (local.set $at (local.get $query))
      (loop $steps
        (local.set $a (f32x4.add (local.get $a)
          (f32x4.mul (v128.load offset=0 (local.get $row)) (v128.load offset=0 (local.get $at)))))
        (local.set $b (f32x4.add (local.get $b)
          (f32x4.mul (v128.load offset=16 (local.get $row)) (v128.load offset=16 (local.get $at)))))
        (local.set $c (f32x4.add (local.get $c)
          (f32x4.mul (v128.load offset=32 (local.get $row)) (v128.load offset=32 (local.get $at)))))
        (local.set $d (f32x4.add (local.get $d)
          (f32x4.mul (v128.load offset=48 (local.get $row)) (v128.load offset=48 (local.get $at)))))
        (local.set $row (i32.add (local.get $row) (i32.const 64)))
        (local.set $at (i32.add (local.get $at) (i32.const 64)))
        (br_if $steps (i32.lt_u (local.get $at) (local.get $end))))
      (local.set $a (f32x4.add (f32x4.add (local.get $a) (local.get $b)) (f32x4.add (local.get $c) (local.get $d))))
      (f32.store (local.get $result)
        (f32.add
          (f32.add (f32x4.extract_lane 0 (local.get $a)) (f32x4.extract_lane 1 (local.get $a)))
          (f32.add (f32x4.extract_lane 2 (local.get $a)) (f32x4.extract_lane 3 (local.get $a)))))
      (local.set $result (i32.add (local.get $result) (i32.const 4)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $rows (local.get $count)))))
