;; badge-metadata: what badges say. Templates, and the level and category that each badge has now, with a count of the
;; held (not revoked) badges by level and by category.
;; Prints: template-created, badge-metadata-updated.

(define-constant ERR-NOT-ISSUER (err u300))
(define-constant ERR-NOT-BADGE-ISSUER (err u301))
(define-constant ERR-NO-TEMPLATE (err u302))
(define-constant ERR-NO-BADGE (err u303))
(define-constant ERR-BAD-LEVEL (err u304))
(define-constant ERR-REVOKED (err u305))

(define-constant MAX-LEVEL u5)

(define-map templates uint {
  name: (string-utf8 64),
  description: (string-utf8 256),
  category: (string-ascii 32),
  default-level: uint,
  creator: principal,
})
(define-data-var template-count uint u0)

(define-map badges uint { level: uint, category: (string-ascii 32), issuer: principal, held: bool })
(define-map held-by-level uint uint)
(define-map held-by-category (string-ascii 32) uint)

(define-read-only (get-template (template-id uint))
  (map-get? templates template-id))

(define-read-only (get-template-count)
  (var-get template-count))

(define-read-only (get-badge (badge-id uint))
  (map-get? badges badge-id))

(define-read-only (get-held-at-level (level uint))
  (default-to u0 (map-get? held-by-level level)))

(define-read-only (get-held-in-category (category (string-ascii 32)))
  (default-to u0 (map-get? held-by-category category)))

(define-private (is-level (level uint))
  (and (>= level u1) (<= level MAX-LEVEL)))

(define-private (hold (level uint) (category (string-ascii 32)))
  (begin
    (map-set held-by-level level (+ (get-held-at-level level) u1))
    (map-set held-by-category category (+ (get-held-in-category category) u1))))

(define-private (release (level uint) (category (string-ascii 32)))
  (begin
    (map-set held-by-level level (- (get-held-at-level level) u1))
    (map-set held-by-category category (- (get-held-in-category category) u1))))

(define-public (create-template
    (name (string-utf8 64))
    (description (string-utf8 256))
    (category (string-ascii 32))
    (default-level uint))
  (let ((template-id (+ (var-get template-count) u1)))
    (asserts! (contract-call? .access-control can-issue contract-caller) ERR-NOT-ISSUER)
    (asserts! (is-level default-level) ERR-BAD-LEVEL)
    (map-set templates template-id {
      name: name,
      description: description,
      category: category,
      default-level: default-level,
      creator: contract-caller,
    })
    (var-set template-count template-id)
    (print {
      event: "template-created",
      template-id: template-id,
      name: name,
      description: description,
      category: category,
      default-level: default-level,
      creator: contract-caller,
      block-height: stacks-block-height,
    })
    (ok template-id)))

;; Notes a new badge for badge-issuer, at the template's level unless one is given; answers its level and category.
(define-public (record-badge (badge-id uint) (template-id uint) (level (optional uint)) (issuer principal))
  (let (
      (template (unwrap! (map-get? templates template-id) ERR-NO-TEMPLATE))
      (category (get category template))
      (actual-level (default-to (get default-level template) level))
    )
    (asserts! (is-eq contract-caller .badge-issuer) ERR-NOT-BADGE-ISSUER)
    (asserts! (is-level actual-level) ERR-BAD-LEVEL)
    (map-set badges badge-id { level: actual-level, category: category, issuer: issuer, held: true })
    (hold actual-level category)
    (ok { level: actual-level, category: category })))

;; A revoked badge keeps what it said, but is held no more.
(define-public (release-badge (badge-id uint))
  (let ((badge (unwrap! (map-get? badges badge-id) ERR-NO-BADGE)))
    (asserts! (is-eq contract-caller .badge-issuer) ERR-NOT-BADGE-ISSUER)
    (asserts! (get held badge) ERR-REVOKED)
    (release (get level badge) (get category badge))
    (map-set badges badge-id (merge badge { held: false }))
    (ok true)))

(define-public (update-badge (badge-id uint) (new-level uint) (new-category (string-ascii 32)))
  (let ((badge (unwrap! (map-get? badges badge-id) ERR-NO-BADGE)))
    (asserts!
      (or (is-eq contract-caller (get issuer badge)) (contract-call? .access-control is-admin contract-caller))
      ERR-NOT-ISSUER)
    (asserts! (get held badge) ERR-REVOKED)
    (asserts! (is-level new-level) ERR-BAD-LEVEL)
    (release (get level badge) (get category badge))
    (hold new-level new-category)
    (map-set badges badge-id (merge badge { level: new-level, category: new-category }))
    (print {
      event: "badge-metadata-updated",
      badge-id: badge-id,
      old-level: (get level badge),
      new-level: new-level,
      old-category: (get category badge),
      new-category: new-category,
      updated-by: contract-caller,
      block-height: stacks-block-height,
    })
    (ok true)))
