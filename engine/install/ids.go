package install

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
)

// derivedID makes a UUIDv7 of an instant and of what a thing is called: the
// same call gives the same id, and ids are in the order of their instants.
func derivedID(at time.Time, names ...string) string {
	h := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	b := h[:16]
	ms := max(at.UnixMilli(), 0)
	for i := range 6 {
		b[i] = byte(ms >> (8 * (5 - i)))
	}
	b[6] = 0x70 | b[6]&0x0f
	b[8] = 0x80 | b[8]&0x3f
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
