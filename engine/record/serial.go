package record

import (
	"strconv"
	"strings"
	"time"

	"tenon/engine/store"
	"tenon/schema"
	"tenon/schema/value"
)

func itoa(i int) string { return strconv.Itoa(i) }

// serials gives new records their serial numbers: one block per field and
// batch, taken on a side connection in a short transaction of its own, so that
// writers do not wait for each other; a gap-free field takes its number inside
// the record's transaction and serialises its writers.
func (s *Session) serials(ws []*work) error {
	need := map[*schema.FieldModel][]*work{}
	var order []*schema.FieldModel
	for _, w := range ws {
		if w.change == nil || w.change.Op != "create" {
			continue
		}
		for _, f := range w.entity.Fields {
			if f.Serial == nil || !w.change.After.Get(f).IsNull() {
				continue
			}
			if need[f] == nil {
				order = append(order, f)
			}
			need[f] = append(need[f], w)
		}
	}
	for _, f := range order {
		l := need[f]
		at := s.Now.In(s.Snap.Zone)
		st := store.TakeSerial(s.Snap.AppID, f.ID(), period(f.Serial.Reset, at), max(f.Serial.Start, 1), int64(len(l)))
		var first int64
		if f.Serial.GapFree {
			r, err := s.Do(st)
			if err != nil {
				return err
			}
			first = r[0].Int(0)
		} else {
			r, err := s.cfg.DB.Aside(s.Ctx, st)
			if err != nil {
				return err
			}
			first = r.Int(0)
		}
		for i, w := range l {
			w.change.After.set(f, value.OfText(formatSerial(f.Serial.Pattern, at, first+int64(i))))
		}
	}
	return nil
}

func period(reset string, t time.Time) string {
	switch reset {
	case "day":
		return t.Format("20060102")
	case "month":
		return t.Format("200601")
	case "year":
		return t.Format("2006")
	}
	return ""
}

// formatSerial fills a pattern such as "XS{yyyyMMdd}{0000}".
func formatSerial(pattern string, t time.Time, n int64) string {
	var b strings.Builder
	counted := false
	for pattern != "" {
		i := strings.IndexByte(pattern, '{')
		j := strings.IndexByte(pattern, '}')
		if i < 0 || j < i {
			b.WriteString(pattern)
			break
		}
		b.WriteString(pattern[:i])
		tok := pattern[i+1 : j]
		pattern = pattern[j+1:]
		if strings.Trim(tok, "0") == "" && tok != "" {
			s := strconv.FormatInt(n, 10)
			b.WriteString(strings.Repeat("0", max(0, len(tok)-len(s))) + s)
			counted = true
			continue
		}
		b.WriteString(strings.NewReplacer("yyyy", t.Format("2006"), "yy", t.Format("06"), "MM", t.Format("01"), "dd", t.Format("02"), "HH", t.Format("15"), "mm", t.Format("04")).Replace(tok))
	}
	if !counted {
		b.WriteString(strconv.FormatInt(n, 10))
	}
	return b.String()
}
