// Package auth says who is asking: it keeps users and API keys, signs people
// in, and turns a request into a cases.Asker with what they may not see.
//
// A program sends an API key; a browser has a session cookie, got by a link
// that opens once. Neither is ever stored: a key's id carries a hash of it, a
// session's cookie is signed, and what is kept is that it stands. User and
// session are read for each request, so that a change of role, a disabled user
// or a session that was ended takes effect at once.
package auth
