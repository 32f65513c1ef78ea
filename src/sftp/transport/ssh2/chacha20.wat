;; A block of the stream of ChaCha20, 64 bytes (RFC 8439, 2.3, with a counter of 64 bits). Each of four vectors is a row of the
;; state, and each step of a quarter round is done to its four columns at once. No branch and no address depends on a secret.
;; Memory: the block at 0; the key at 64, and behind it counter and nonce.
(module
  (memory (export "memory") 1)

  (func (export "block")
    (local $rounds i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)

    (local.set $a (v128.const i32x4 0x61707865 0x3320646e 0x79622d32 0x6b206574)) ;; "expand 32-byte k"
    (local.set $b (v128.load offset=64 (i32.const 0)))
    (local.set $c (v128.load offset=80 (i32.const 0)))
    (local.set $d (v128.load offset=96 (i32.const 0)))

    (local.set $rounds (i32.const 20))
    (loop $round
      (local.set $a (i32x4.add (local.get $a) (local.get $b)))
      (local.set $d (v128.xor (local.get $d) (local.get $a)))
      (local.set $d (v128.or (i32x4.shl (local.get $d) (i32.const 16)) (i32x4.shr_u (local.get $d) (i32.const 16))))
      (local.set $c (i32x4.add (local.get $c) (local.get $d)))
      (local.set $b (v128.xor (local.get $b) (local.get $c)))
      (local.set $b (v128.or (i32x4.shl (local.get $b) (i32.const 12)) (i32x4.shr_u (local.get $b) (i32.const 20))))
      (local.set $a (i32x4.add (local.get $a) (local.get $b)))
      (local.set $d (v128.xor (local.get $d) (local.get $a)))
      (local.set $d (v128.or (i32x4.shl (local.get $d) (i32.const 8)) (i32x4.shr_u (local.get $d) (i32.const 24))))
      (local.set $c (i32x4.add (local.get $c) (local.get $d)))
      (local.set $b (v128.xor (local.get $b) (local.get $c)))
      (local.set $b (v128.or (i32x4.shl (local.get $b) (i32.const 7)) (i32x4.shr_u (local.get $b) (i32.const 25))))

      ;; After a round of columns comes one of diagonals: b, c and d turn by one, two and three places, and back.
      (local.set $c (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $c) (local.get $c)))
      (if (i32.and (local.get $rounds) (i32.const 1))
        (then
          (local.set $b (i8x16.shuffle 12 13 14 15 0 1 2 3 4 5 6 7 8 9 10 11 (local.get $b) (local.get $b)))
          (local.set $d (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 0 1 2 3 (local.get $d) (local.get $d))))
        (else
          (local.set $b (i8x16.shuffle 4 5 6 7 8 9 10 11 12 13 14 15 0 1 2 3 (local.get $b) (local.get $b)))
          (local.set $d (i8x16.shuffle 12 13 14 15 0 1 2 3 4 5 6 7 8 9 10 11 (local.get $d) (local.get $d)))))
      (br_if $round (local.tee $rounds (i32.sub (local.get $rounds) (i32.const 1)))))

    (v128.store offset=0 (i32.const 0)
      (i32x4.add (local.get $a) (v128.const i32x4 0x61707865 0x3320646e 0x79622d32 0x6b206574)))
    (v128.store offset=16 (i32.const 0) (i32x4.add (local.get $b) (v128.load offset=64 (i32.const 0))))
    (v128.store offset=32 (i32.const 0) (i32x4.add (local.get $c) (v128.load offset=80 (i32.const 0))))
    (v128.store offset=48 (i32.const 0) (i32x4.add (local.get $d) (v128.load offset=96 (i32.const 0))))))
