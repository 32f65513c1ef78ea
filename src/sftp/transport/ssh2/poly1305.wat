;; Poly1305 (RFC 8439, 2.5). A number of 130 bits is four limbs, of 32 bits but for the last. A sum of products of an h with limbs
;; of r (28 bits) fits into 64: h0 stays below 3.25 times 2^32, h1 and h2 below 2, h3 below 6. No branch depends on a secret.
;; Memory: the one-time key at 0 (r, then s), the tag at 32, the message from 48 on, and room for 16 bytes behind it.
(module
  (memory (export "memory") 1)

  ;; Makes the tag of a message of so many bytes, at least one.
  (func (export "tag") (param $length i32)
    (local $at i32) (local $end i32)
    (local $r0 i64) (local $r1 i64) (local $r2 i64) (local $r3 i64)
    (local $s1 i64) (local $s2 i64) (local $s3 i64) ;; of r, times 5/4: what lies beyond 2^130 comes back five times
    (local $h0 i64) (local $h1 i64) (local $h2 i64) (local $h3 i64)
    (local $d0 i64) (local $d1 i64) (local $d2 i64) (local $d3 i64)
    (local $mask i64)

    (local.set $r0 (i64.and (i64.load32_u offset=0 (i32.const 0)) (i64.const 0x0fffffff)))
    (local.set $r1 (i64.and (i64.load32_u offset=4 (i32.const 0)) (i64.const 0x0ffffffc)))
    (local.set $r2 (i64.and (i64.load32_u offset=8 (i32.const 0)) (i64.const 0x0ffffffc)))
    (local.set $r3 (i64.and (i64.load32_u offset=12 (i32.const 0)) (i64.const 0x0ffffffc)))
    (local.set $s1 (i64.add (local.get $r1) (i64.shr_u (local.get $r1) (i64.const 2))))
    (local.set $s2 (i64.add (local.get $r2) (i64.shr_u (local.get $r2) (i64.const 2))))
    (local.set $s3 (i64.add (local.get $r3) (i64.shr_u (local.get $r3) (i64.const 2))))

    ;; A last block of fewer than 16 bytes ends with a 1, as all others do behind them.
    (local.set $at (i32.const 48))
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (i64.store offset=0 (local.get $end) (i64.const 1))
    (i64.store offset=8 (local.get $end) (i64.const 0))

    (loop $block
      ;; h = h + block
      (local.set $h0 (i64.add (local.get $h0) (i64.load32_u offset=0 (local.get $at))))
      (local.set $h1 (i64.add (local.get $h1) (i64.load32_u offset=4 (local.get $at))))
      (local.set $h2 (i64.add (local.get $h2) (i64.load32_u offset=8 (local.get $at))))
      (local.set $h3 (i64.add (local.get $h3) (i64.load32_u offset=12 (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (local.set $h3 (i64.add (local.get $h3)
        (i64.shl (i64.extend_i32_u (i32.le_u (local.get $at) (local.get $end))) (i64.const 32))))

      ;; d = h * r, carried
      (local.set $d0 (i64.add
        (i64.add (i64.mul (local.get $h0) (local.get $r0)) (i64.mul (local.get $h1) (local.get $s3)))
        (i64.add (i64.mul (local.get $h2) (local.get $s2)) (i64.mul (local.get $h3) (local.get $s1)))))
      (local.set $d1 (i64.add (i64.shr_u (local.get $d0) (i64.const 32)) (i64.add
        (i64.add (i64.mul (local.get $h0) (local.get $r1)) (i64.mul (local.get $h1) (local.get $r0)))
        (i64.add (i64.mul (local.get $h2) (local.get $s3)) (i64.mul (local.get $h3) (local.get $s2))))))
      (local.set $d2 (i64.add (i64.shr_u (local.get $d1) (i64.const 32)) (i64.add
        (i64.add (i64.mul (local.get $h0) (local.get $r2)) (i64.mul (local.get $h1) (local.get $r1)))
        (i64.add (i64.mul (local.get $h2) (local.get $r0)) (i64.mul (local.get $h3) (local.get $s3))))))
      (local.set $d3 (i64.add (i64.shr_u (local.get $d2) (i64.const 32)) (i64.add
        (i64.add (i64.mul (local.get $h0) (local.get $r3)) (i64.mul (local.get $h1) (local.get $r2)))
        (i64.add (i64.mul (local.get $h2) (local.get $r1)) (i64.mul (local.get $h3) (local.get $r0))))))

      ;; h = d, and what lies beyond 2^130 brought back
      (local.set $h0 (i64.add (i64.and (local.get $d0) (i64.const 0xffffffff))
        (i64.mul (i64.shr_u (local.get $d3) (i64.const 34)) (i64.const 5))))
      (local.set $h1 (i64.and (local.get $d1) (i64.const 0xffffffff)))
      (local.set $h2 (i64.and (local.get $d2) (i64.const 0xffffffff)))
      (local.set $h3 (i64.and (local.get $d3) (i64.const 0x3ffffffff)))
      (br_if $block (i32.lt_u (local.get $at) (local.get $end))))

    ;; h, carried: less than twice 2^130 - 5
    (local.set $h1 (i64.add (local.get $h1) (i64.shr_u (local.get $h0) (i64.const 32))))
    (local.set $h2 (i64.add (local.get $h2) (i64.shr_u (local.get $h1) (i64.const 32))))
    (local.set $h3 (i64.add (local.get $h3) (i64.shr_u (local.get $h2) (i64.const 32))))
    (local.set $h0 (i64.and (local.get $h0) (i64.const 0xffffffff)))
    (local.set $h1 (i64.and (local.get $h1) (i64.const 0xffffffff)))
    (local.set $h2 (i64.and (local.get $h2) (i64.const 0xffffffff)))

    ;; d = h + 5, which reaches 2^130 when h is no remainder yet: then its lower bits are the remainder's
    (local.set $d0 (i64.add (local.get $h0) (i64.const 5)))
    (local.set $d1 (i64.add (local.get $h1) (i64.shr_u (local.get $d0) (i64.const 32))))
    (local.set $d2 (i64.add (local.get $h2) (i64.shr_u (local.get $d1) (i64.const 32))))
    (local.set $d3 (i64.add (local.get $h3) (i64.shr_u (local.get $d2) (i64.const 32))))
    (local.set $mask (i64.sub (i64.const 0) (i64.shr_u (local.get $d3) (i64.const 34)))) ;; all bits, or none
    (local.set $d0 (i64.and (i64.and (local.get $d0) (i64.const 0xffffffff)) (local.get $mask)))
    (local.set $d1 (i64.and (i64.and (local.get $d1) (i64.const 0xffffffff)) (local.get $mask)))
    (local.set $d2 (i64.and (i64.and (local.get $d2) (i64.const 0xffffffff)) (local.get $mask)))
    (local.set $d3 (i64.and (i64.and (local.get $d3) (i64.const 0xffffffff)) (local.get $mask)))
    (local.set $mask (i64.xor (local.get $mask) (i64.const -1)))
    (local.set $h0 (i64.or (i64.and (local.get $h0) (local.get $mask)) (local.get $d0)))
    (local.set $h1 (i64.or (i64.and (local.get $h1) (local.get $mask)) (local.get $d1)))
    (local.set $h2 (i64.or (i64.and (local.get $h2) (local.get $mask)) (local.get $d2)))
    (local.set $h3 (i64.or (i64.and (local.get $h3) (local.get $mask)) (local.get $d3)))

    ;; tag = h + s, of which 2^128 and beyond falls away
    (local.set $h0 (i64.add (local.get $h0) (i64.load32_u offset=16 (i32.const 0))))
    (local.set $h1 (i64.add (i64.add (local.get $h1) (i64.load32_u offset=20 (i32.const 0))) (i64.shr_u (local.get $h0) (i64.const 32))))
    (local.set $h2 (i64.add (i64.add (local.get $h2) (i64.load32_u offset=24 (i32.const 0))) (i64.shr_u (local.get $h1) (i64.const 32))))
    (local.set $h3 (i64.add (i64.add (local.get $h3) (i64.load32_u offset=28 (i32.const 0))) (i64.shr_u (local.get $h2) (i64.const 32))))
    (i64.store32 offset=32 (i32.const 0) (local.get $h0))
    (i64.store32 offset=36 (i32.const 0) (local.get $h1))
    (i64.store32 offset=40 (i32.const 0) (local.get $h2))
    (i64.store32 offset=44 (i32.const 0) (local.get $h3))))
