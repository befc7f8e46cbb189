package auth

import (
	"net/http"
	"strings"
)

// CheckSecret says whether a password is the one of which a line of an htpasswd file keeps the hash: CheckAuth without the request.
func CheckSecret(password, secret string) bool {
	compare := compareFuncs[0].compare
	for _, each := range compareFuncs[1:] {
		if strings.HasPrefix(secret, each.prefix) {
			compare = each.compare
			break
		}
	}
	return compare([]byte(secret), []byte(password)) == nil
}

// RequireAuthStale asks anew, without a word that only the nonce is too old.
func (a *DigestAuth) RequireAuthStale(w http.ResponseWriter, r *http.Request) { a.RequireAuth(w, r) }
