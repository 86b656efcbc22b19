// Package auth says who is asking: it keeps users and API keys, signs people
// in, and turns a request into a cases.Asker with what they may not see.
//
// A program sends an API key; a browser has a session cookie, got by a link
// that opens once. Neither is ever stored: a key's id carries a hash of it, a
// session is signed. The user is read for each request, so that a change of
// role or a disabled user takes effect at once.
package auth
