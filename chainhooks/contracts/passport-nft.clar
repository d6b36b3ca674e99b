;; passport-nft: the token behind a badge, one a badge, bound to its holder (SIP-009 names, no transfer). Only
;; badge-issuer mints; a revoked badge keeps its token, since the passport shows what was once earned.
;; Prints: passport-badge-minted.

(define-constant ERR-NOT-BADGE-ISSUER (err u500))
(define-constant ERR-SOULBOUND (err u501))

(define-non-fungible-token passport-badge uint)

(define-data-var last-token-id uint u0)
(define-data-var holder-count uint u0)
(define-map balances principal uint)

(define-read-only (get-last-token-id)
  (ok (var-get last-token-id)))

(define-read-only (get-token-uri (token-id uint))
  (ok none))

(define-read-only (get-owner (token-id uint))
  (ok (nft-get-owner? passport-badge token-id)))

(define-read-only (get-balance (holder principal))
  (default-to u0 (map-get? balances holder)))

;; How many principals ever received a badge.
(define-read-only (get-holder-count)
  (var-get holder-count))

(define-public (transfer (token-id uint) (sender principal) (recipient principal))
  ERR-SOULBOUND)

;; Mints the next token to `recipient` in the name of `minted-by`; answers its id, which is also the badge's.
(define-public (mint (recipient principal) (minted-by principal))
  (let (
      (token-id (+ (var-get last-token-id) u1))
      (balance (get-balance recipient))
    )
    (asserts! (is-eq contract-caller .badge-issuer) ERR-NOT-BADGE-ISSUER)
    (try! (nft-mint? passport-badge token-id recipient))
    (var-set last-token-id token-id)
    (and (is-eq balance u0) (var-set holder-count (+ (var-get holder-count) u1)))
    (map-set balances recipient (+ balance u1))
    (print {
      event: "passport-badge-minted",
      token-id: token-id,
      recipient: recipient,
      minted-by: minted-by,
      block-height: stacks-block-height,
    })
    (ok token-id)))
