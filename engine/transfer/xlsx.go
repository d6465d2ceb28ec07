package transfer

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"tenon/schema/field"
)

// workbook reads sheets as streams: only styles and a few settings are in
// memory, big parts are unpacked into temporary files.
type workbook struct {
	f        *excelize.File
	sheets   []string
	date1904 bool
}

const (
	maxUnpacked = 4 << 30 // of all parts of a workbook
	maxInMemory = 8 << 20 // of one part
	maxLastCell = 4 * MaxColumns
)

func openWorkbook(path string) (*workbook, error) {
	// Dates are written in the one order that is read back without doubt.
	f, err := excelize.OpenFile(path, excelize.Options{UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxInMemory,
		ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd", LongTimePattern: "hh:mm:ss"})
	if err != nil {
		return nil, ErrWorkbook.With("detail", err.Error()).Because(err)
	}
	w := &workbook{f: f}
	for _, s := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(s); err == nil && visible {
			w.sheets = append(w.sheets, s)
		}
	}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil {
		w.date1904 = *p.Date1904
	}
	if len(w.sheets) == 0 {
		return nil, errors.Join(ErrEmpty.New(), f.Close())
	}
	return w, nil
}

func (w *workbook) close() error { return w.f.Close() }

// first is the first sheet with anything in it.
func (w *workbook) first() string {
	for _, s := range w.sheets {
		some := false
		err := w.rows(s, func(_ int, cells []string) error {
			if some = filled(cells) > 0; some {
				return errEnough
			}
			return nil
		})
		if some || err != nil && !errors.Is(err, errEnough) {
			return s
		}
	}
	return w.sheets[0]
}

// rows visits the lines of a sheet. Every cell is read twice, as stored and as
// shown: what is stored is exact, what is shown tells dates from numbers.
func (w *workbook) rows(sheet string, visit func(n int, cells []string) error) error {
	known := false
	for _, s := range w.sheets {
		known = known || s == sheet
	}
	if !known {
		return ErrSheet.With("sheet", sheet)
	}
	stored, err := w.f.Rows(sheet)
	if err != nil {
		return ErrWorkbook.With("detail", err.Error()).Because(err)
	}
	defer stored.Close()
	shown, err := w.f.Rows(sheet)
	if err != nil {
		return ErrWorkbook.With("detail", err.Error()).Because(err)
	}
	defer shown.Close()
	var cells []string
	for n := 1; stored.Next() && shown.Next(); n++ {
		a, err := stored.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return ErrWorkbook.With("detail", err.Error()).Because(err)
		}
		b, err := shown.Columns()
		if err != nil {
			return ErrWorkbook.With("detail", err.Error()).Because(err)
		}
		if len(a) > maxLastCell {
			a = a[:maxLastCell]
		}
		cells = cells[:0]
		for i, raw := range a {
			text := raw
			if i < len(b) {
				text = w.cell(raw, b[i])
			}
			cells = append(cells, text)
		}
		if err := visit(n, cells); err != nil {
			return err
		}
	}
	if err := stored.Error(); err != nil {
		return ErrWorkbook.With("detail", err.Error()).Because(err)
	}
	return nil
}

// cell gives the text of a cell from what is stored and what is shown.
func (w *workbook) cell(raw, shown string) string {
	if raw == shown || raw == "" {
		return raw
	}
	x, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		return raw
	}
	switch strings.ToUpper(shown) {
	case "TRUE", "FALSE":
		return strings.ToLower(shown)
	}
	if date, clock := looksLikeDate(shown); date || clock {
		if t, ok := w.moment(x, clock && !date); ok {
			return t
		}
	}
	return exact(raw, x)
}

// looksLikeDate reports whether a shown number is a date or a time of day.
func looksLikeDate(s string) (date, clock bool) {
	digits, seps := 0, 0
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case i > 0 && (r == '-' || r == '/'):
			seps++
		case r == '年' || r == '月' || r == '日':
			return true, strings.Contains(s, ":")
		case r == ':' || r == '时' || r == '點' || r == '点':
			clock = true
		}
	}
	for _, month := range []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"} {
		if digits > 0 && strings.Contains(strings.ToLower(s), month) {
			seps++
		}
	}
	return digits > 1 && seps > 0 && !strings.ContainsAny(s, "eE%¥$€£"), clock && digits > 1
}

// moment writes a spreadsheet's day number as a date, or as a date with a time.
func (w *workbook) moment(x float64, clockOnly bool) (string, bool) {
	if clockOnly && x >= 0 && x < 1 {
		s := int(math.Round(x * 86400))
		return strconv.Itoa(s/3600) + ":" + two(s/60%60) + ":" + two(s%60), true
	}
	v, err := field.ExcelTime(x, w.date1904, nil)
	if err != nil {
		return "", false
	}
	t := v.Time()
	if math.Abs(x-math.Round(x)) < 1.0/86400/2 {
		return t.Format("2006-01-02"), true
	}
	return t.Format("2006-01-02 15:04:05"), true
}

func two(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// exact writes a stored number without the noise of its binary form: a
// spreadsheet knows fifteen digits.
func exact(raw string, x float64) string {
	if !strings.ContainsAny(raw, ".eE") {
		return raw
	}
	return strconv.FormatFloat(rounded(x), 'f', -1, 64)
}

func rounded(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64)
	if err != nil {
		return x
	}
	return y
}
