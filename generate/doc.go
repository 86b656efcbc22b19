// Package generate makes investigation data of any size: people in households
// with accounts, devices, sessions, identity checks and payments, the addresses
// that thousands share, and what people write who have nothing to write. Into
// it are planted frauds, and beside each what looks like it and is none; the
// truth says which are which.
//
// It is a pure function of scale and seed: the same two give the same rows,
// byte for byte. Rows come one by one, and nothing is kept of those that came.
package generate
