;; community-manager: communities, their members and their settings. A creator is a member from the start, without a
;; member event; a new owner is no member by that alone.
;; Prints: community-created, community-member-added, community-settings-updated, community-deactivated,
;; community-ownership-transferred.

(define-constant ERR-MAY-NOT-CREATE (err u400))
(define-constant ERR-NO-COMMUNITY (err u401))
(define-constant ERR-NOT-OWNER (err u402))
(define-constant ERR-NOT-MANAGER (err u403))
(define-constant ERR-ALREADY-MEMBER (err u404))
(define-constant ERR-INACTIVE (err u405))

(define-map communities uint {
  name: (string-utf8 64),
  description: (string-utf8 256),
  owner: principal,
  active: bool,
  member-count: uint,
  public-badges: bool,
  allow-member-requests: bool,
  require-approval: bool,
})
(define-map members { community-id: uint, member: principal } (string-ascii 16))

(define-data-var community-count uint u0)
(define-data-var active-count uint u0)
(define-data-var membership-count uint u0)

(define-read-only (get-community (community-id uint))
  (map-get? communities community-id))

(define-read-only (get-community-count)
  (var-get community-count))

(define-read-only (get-active-count)
  (var-get active-count))

;; Memberships of all communities together, creators included.
(define-read-only (get-membership-count)
  (var-get membership-count))

(define-read-only (get-member-count (community-id uint))
  (default-to u0 (get member-count (map-get? communities community-id))))

(define-read-only (is-member (community-id uint) (user principal))
  (is-some (map-get? members { community-id: community-id, member: user })))

(define-private (may-manage (community-id uint) (owner principal) (user principal))
  (or
    (is-eq user owner)
    (get can-manage-members (contract-call? .access-control get-community-permissions community-id user))))

(define-public (create-community (name (string-utf8 64)) (description (string-utf8 256)))
  (let ((community-id (+ (var-get community-count) u1)))
    (asserts! (contract-call? .access-control can-create-communities contract-caller) ERR-MAY-NOT-CREATE)
    (map-set communities community-id {
      name: name,
      description: description,
      owner: contract-caller,
      active: true,
      member-count: u1,
      public-badges: true,
      allow-member-requests: true,
      require-approval: false,
    })
    (map-set members { community-id: community-id, member: contract-caller } "owner")
    (var-set community-count community-id)
    (var-set active-count (+ (var-get active-count) u1))
    (var-set membership-count (+ (var-get membership-count) u1))
    (print {
      event: "community-created",
      community-id: community-id,
      name: name,
      description: description,
      owner: contract-caller,
      block-height: stacks-block-height,
    })
    (ok community-id)))

(define-public (add-member (community-id uint) (member principal) (role (string-ascii 16)))
  (let ((community (unwrap! (map-get? communities community-id) ERR-NO-COMMUNITY)))
    (asserts! (get active community) ERR-INACTIVE)
    (asserts! (may-manage community-id (get owner community) contract-caller) ERR-NOT-MANAGER)
    (asserts! (not (is-member community-id member)) ERR-ALREADY-MEMBER)
    (map-set members { community-id: community-id, member: member } role)
    (map-set communities community-id (merge community { member-count: (+ (get member-count community) u1) }))
    (var-set membership-count (+ (var-get membership-count) u1))
    (print {
      event: "community-member-added",
      community-id: community-id,
      member: member,
      role: role,
      added-by: contract-caller,
      block-height: stacks-block-height,
    })
    (ok true)))

(define-public (update-settings
    (community-id uint)
    (public-badges bool)
    (allow-member-requests bool)
    (require-approval bool))
  (let ((community (unwrap! (map-get? communities community-id) ERR-NO-COMMUNITY)))
    (asserts! (is-eq contract-caller (get owner community)) ERR-NOT-OWNER)
    (map-set communities community-id (merge community {
      public-badges: public-badges,
      allow-member-requests: allow-member-requests,
      require-approval: require-approval,
    }))
    (print {
      event: "community-settings-updated",
      community-id: community-id,
      public-badges: public-badges,
      allow-member-requests: allow-member-requests,
      require-approval: require-approval,
      updated-by: contract-caller,
      block-height: stacks-block-height,
    })
    (ok true)))

;; There is no way back: what was awarded in a deactivated community stays.
(define-public (deactivate (community-id uint))
  (let ((community (unwrap! (map-get? communities community-id) ERR-NO-COMMUNITY)))
    (asserts! (is-eq contract-caller (get owner community)) ERR-NOT-OWNER)
    (asserts! (get active community) ERR-INACTIVE)
    (map-set communities community-id (merge community { active: false }))
    (var-set active-count (- (var-get active-count) u1))
    (print {
      event: "community-deactivated",
      community-id: community-id,
      deactivated-by: contract-caller,
      block-height: stacks-block-height,
    })
    (ok true)))

(define-public (transfer-ownership (community-id uint) (new-owner principal))
  (let ((community (unwrap! (map-get? communities community-id) ERR-NO-COMMUNITY)))
    (asserts! (is-eq contract-caller (get owner community)) ERR-NOT-OWNER)
    (map-set communities community-id (merge community { owner: new-owner }))
    (print {
      event: "community-ownership-transferred",
      community-id: community-id,
      old-owner: contract-caller,
      new-owner: new-owner,
      block-height: stacks-block-height,
    })
    (ok true)))

;; The owner's word, kept and printed by access-control.
(define-public (set-permissions
    (community-id uint)
    (user principal)
    (role (string-ascii 16))
    (issue-badges bool)
    (manage-members bool)
    (create-templates bool)
    (revoke-badges bool))
  (let ((community (unwrap! (map-get? communities community-id) ERR-NO-COMMUNITY)))
    (asserts! (is-eq contract-caller (get owner community)) ERR-NOT-OWNER)
    (contract-call? .access-control set-community-permissions
      community-id user role issue-badges manage-members create-templates revoke-badges contract-caller)))
