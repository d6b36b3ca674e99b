;; badge-issuer: badges are minted, minted in batches and revoked here. Each mint also mints the token of passport-nft
;; and notes the badge in badge-metadata, or nothing happens at all.
;; Prints: badge-minted, batch-badges-minted, badge-revoked.

(define-constant ERR-NOT-ISSUER (err u200))
(define-constant ERR-NO-BADGE (err u201))
(define-constant ERR-LENGTHS-DIFFER (err u202))
(define-constant ERR-EMPTY-BATCH (err u203))

(define-map badges uint { recipient: principal, template-id: uint, issuer: principal, revoked: bool })
(define-map issued-by-issuer principal uint)
(define-map issued-by-template uint uint)

(define-data-var issued-count uint u0)
(define-data-var revoked-count uint u0)
(define-data-var batch-count uint u0)

(define-read-only (get-badge (badge-id uint))
  (map-get? badges badge-id))

(define-read-only (get-issued-count)
  (var-get issued-count))

(define-read-only (get-revoked-count)
  (var-get revoked-count))

(define-read-only (get-issued-by (issuer principal))
  (default-to u0 (map-get? issued-by-issuer issuer)))

(define-read-only (get-issued-of (template-id uint))
  (default-to u0 (map-get? issued-by-template template-id)))

;; What a single mint and one of a batch have in common; prints nothing of its own.
(define-private (issue (recipient principal) (template-id uint) (level (optional uint)))
  (let (
      (badge-id (try! (contract-call? .passport-nft mint recipient contract-caller)))
      (metadata (try! (contract-call? .badge-metadata record-badge badge-id template-id level contract-caller)))
    )
    (map-set badges badge-id {
      recipient: recipient,
      template-id: template-id,
      issuer: contract-caller,
      revoked: false,
    })
    (map-set issued-by-issuer contract-caller (+ (get-issued-by contract-caller) u1))
    (map-set issued-by-template template-id (+ (get-issued-of template-id) u1))
    (var-set issued-count (+ (var-get issued-count) u1))
    (ok (merge metadata { badge-id: badge-id }))))

;; Mints one badge, at the template's level unless one is given; answers its id.
(define-public (mint-badge (recipient principal) (template-id uint) (level (optional uint)))
  (begin
    (asserts! (contract-call? .access-control can-issue contract-caller) ERR-NOT-ISSUER)
    (let ((badge (try! (issue recipient template-id level))))
      (print {
        event: "badge-minted",
        badge-id: (get badge-id badge),
        recipient: recipient,
        template-id: template-id,
        issuer: contract-caller,
        level: (get level badge),
        category: (get category badge),
        block-height: stacks-block-height,
      })
      (ok (get badge-id badge)))))

(define-private (issue-at-default-level (recipient principal) (template-id uint))
  (match (issue recipient template-id none)
    badge (ok (get badge-id badge))
    code (err code)))

(define-private (collect (issued (response uint uint)) (so-far (response (list 50 uint) uint)))
  (let ((badge-ids (try! so-far)))
    (ok (unwrap! (as-max-len? (append badge-ids (try! issued)) u50) ERR-LENGTHS-DIFFER))))

;; Mints a badge of `template-ids[i]` to `recipients[i]`, all or none; answers the id of the batch.
(define-public (batch-mint (recipients (list 50 principal)) (template-ids (list 50 uint)))
  (let ((batch-id (+ (var-get batch-count) u1)))
    (asserts! (contract-call? .access-control can-issue contract-caller) ERR-NOT-ISSUER)
    (asserts! (> (len recipients) u0) ERR-EMPTY-BATCH)
    (asserts! (is-eq (len recipients) (len template-ids)) ERR-LENGTHS-DIFFER)
    (let ((badge-ids (try! (fold collect (map issue-at-default-level recipients template-ids) (ok (list))))))
      (var-set batch-count batch-id)
      (print {
        event: "batch-badges-minted",
        batch-id: batch-id,
        issuer: contract-caller,
        recipients: recipients,
        template-ids: template-ids,
        badge-ids: badge-ids,
        count: (len badge-ids),
        block-height: stacks-block-height,
      })
      (ok batch-id))))

;; Idempotent on purpose: issuer and admin may both revoke. A second time prints again, but changes and counts nothing.
(define-public (revoke-badge (badge-id uint))
  (let ((badge (unwrap! (map-get? badges badge-id) ERR-NO-BADGE)))
    (asserts!
      (or (is-eq contract-caller (get issuer badge)) (contract-call? .access-control is-admin contract-caller))
      ERR-NOT-ISSUER)
    (if (get revoked badge)
      true
      (begin
        (try! (contract-call? .badge-metadata release-badge badge-id))
        (map-set badges badge-id (merge badge { revoked: true }))
        (var-set revoked-count (+ (var-get revoked-count) u1))))
    (print {
      event: "badge-revoked",
      badge-id: badge-id,
      issuer: (get issuer badge),
      revoked-by: contract-caller,
      block-height: stacks-block-height,
    })
    (ok true)))
