;; access-control: who may do what on PassportX. Platform admins, authorized issuers, suspensions, and the permissions
;; that a community grants to its people. Every other contract asks here; this one asks nobody.
;; Prints: issuer-authorized, issuer-revoked, user-suspended, user-unsuspended, global-permissions-updated,
;; community-permissions-updated.

(define-constant ERR-NOT-ADMIN (err u100))
(define-constant ERR-ALREADY-ISSUER (err u101))
(define-constant ERR-NOT-ISSUER (err u102))
(define-constant ERR-ALREADY-SUSPENDED (err u103))
(define-constant ERR-NOT-SUSPENDED (err u104))
(define-constant ERR-NOT-COMMUNITY-MANAGER (err u105))

;; What holds for somebody of whom nothing was said.
(define-constant DEFAULT-PERMISSIONS {
  can-create-communities: true,
  can-issue-badges: false,
  is-platform-admin: false,
  suspended: false,
})

(define-constant NO-COMMUNITY-PERMISSIONS {
  role: "none",
  can-issue-badges: false,
  can-manage-members: false,
  can-create-templates: false,
  can-revoke-badges: false,
})

(define-map global-permissions principal {
  can-create-communities: bool,
  can-issue-badges: bool,
  is-platform-admin: bool,
  suspended: bool,
})

(define-map community-permissions { community-id: uint, user: principal } {
  role: (string-ascii 16),
  can-issue-badges: bool,
  can-manage-members: bool,
  can-create-templates: bool,
  can-revoke-badges: bool,
})

(define-map issuers principal bool)
(define-data-var issuer-count uint u0)

;; The deployer is the first admin.
(map-set global-permissions tx-sender {
  can-create-communities: true,
  can-issue-badges: true,
  is-platform-admin: true,
  suspended: false,
})

(define-read-only (get-permissions (user principal))
  (default-to DEFAULT-PERMISSIONS (map-get? global-permissions user)))

(define-read-only (get-community-permissions (community-id uint) (user principal))
  (default-to NO-COMMUNITY-PERMISSIONS
    (map-get? community-permissions { community-id: community-id, user: user })))

(define-read-only (get-issuer-count)
  (var-get issuer-count))

(define-read-only (is-authorized-issuer (user principal))
  (default-to false (map-get? issuers user)))

(define-read-only (is-suspended (user principal))
  (get suspended (get-permissions user)))

(define-read-only (is-admin (user principal))
  (let ((permissions (get-permissions user)))
    (and (get is-platform-admin permissions) (not (get suspended permissions)))))

(define-read-only (can-create-communities (user principal))
  (let ((permissions (get-permissions user)))
    (and (get can-create-communities permissions) (not (get suspended permissions)))))

(define-read-only (can-issue (user principal))
  (let ((permissions (get-permissions user)))
    (and
      (or (get can-issue-badges permissions) (is-authorized-issuer user))
      (not (get suspended permissions)))))

(define-public (authorize-issuer (issuer principal))
  (begin
    (asserts! (is-admin contract-caller) ERR-NOT-ADMIN)
    (asserts! (not (is-authorized-issuer issuer)) ERR-ALREADY-ISSUER)
    (map-set issuers issuer true)
    (var-set issuer-count (+ (var-get issuer-count) u1))
    (print {
      event: "issuer-authorized",
      issuer: issuer,
      authorized-by: contract-caller,
      block-height: stacks-block-height,
    })
    (ok true)))

(define-public (revoke-issuer (issuer principal))
  (begin
    (asserts! (is-admin contract-caller) ERR-NOT-ADMIN)
    (asserts! (is-authorized-issuer issuer) ERR-NOT-ISSUER)
    (map-delete issuers issuer)
    (var-set issuer-count (- (var-get issuer-count) u1))
    (print {
      event: "issuer-revoked",
      issuer: issuer,
      revoked-by: contract-caller,
      block-height: stacks-block-height,
    })
    (ok true)))

(define-public (suspend-user (user principal))
  (begin
    (asserts! (is-admin contract-caller) ERR-NOT-ADMIN)
    (asserts! (not (is-suspended user)) ERR-ALREADY-SUSPENDED)
    (map-set global-permissions user (merge (get-permissions user) { suspended: true }))
    (print {
      event: "user-suspended",
      user: user,
      suspended-by: contract-caller,
      block-height: stacks-block-height,
    })
    (ok true)))

(define-public (unsuspend-user (user principal))
  (begin
    (asserts! (is-admin contract-caller) ERR-NOT-ADMIN)
    (asserts! (is-suspended user) ERR-NOT-SUSPENDED)
    (map-set global-permissions user (merge (get-permissions user) { suspended: false }))
    (print {
      event: "user-unsuspended",
      user: user,
      unsuspended-by: contract-caller,
      block-height: stacks-block-height,
    })
    (ok true)))

(define-public (set-global-permissions
    (user principal)
    (create-communities bool)
    (issue-badges bool)
    (platform-admin bool)
    (suspend bool))
  (begin
    (asserts! (is-admin contract-caller) ERR-NOT-ADMIN)
    (map-set global-permissions user {
      can-create-communities: create-communities,
      can-issue-badges: issue-badges,
      is-platform-admin: platform-admin,
      suspended: suspend,
    })
    (print {
      event: "global-permissions-updated",
      user: user,
      can-create-communities: create-communities,
      can-issue-badges: issue-badges,
      is-platform-admin: platform-admin,
      suspended: suspend,
      updated-by: contract-caller,
      block-height: stacks-block-height,
    })
    (ok true)))

;; Only community-manager knows who owns a community, so it alone may write here, in the name of `updated-by`.
(define-public (set-community-permissions
    (community-id uint)
    (user principal)
    (role (string-ascii 16))
    (issue-badges bool)
    (manage-members bool)
    (create-templates bool)
    (revoke-badges bool)
    (updated-by principal))
  (begin
    (asserts! (is-eq contract-caller .community-manager) ERR-NOT-COMMUNITY-MANAGER)
    (map-set community-permissions { community-id: community-id, user: user } {
      role: role,
      can-issue-badges: issue-badges,
      can-manage-members: manage-members,
      can-create-templates: create-templates,
      can-revoke-badges: revoke-badges,
    })
    (print {
      event: "community-permissions-updated",
      community-id: community-id,
      user: user,
      role: role,
      can-issue-badges: issue-badges,
      can-manage-members: manage-members,
      can-create-templates: create-templates,
      can-revoke-badges: revoke-badges,
      updated-by: updated-by,
      block-height: stacks-block-height,
    })
    (ok true)))
