package transfer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"tenon/schema/fault"
)

// Read says how a file is to be read; what is left out is found out.
type Read struct {
	Sheet     string `json:"sheet,omitempty"`
	Header    int    `json:"header,omitempty"`    // the line with the names, counted from 1; -1: there is none
	Encoding  string `json:"encoding,omitempty"`  // utf-8, gbk, utf-16le, utf-16be, windows-1252
	Delimiter string `json:"delimiter,omitempty"` // one character; "tab" too
}

// Limits of a file.
const (
	MaxRows    = 2_000_000
	MaxColumns = 500
	MaxCell    = 1 << 20  // bytes
	maxRecord  = 16 << 20 // bytes of one line with all its cells
)

// Faults of reading files.
var (
	ErrTooLarge  = fault.Define(fault.TooMany, "import.too_large", "文件超过 {max} MB", "the file is larger than {max} MB")
	ErrEmpty     = fault.Define(fault.Invalid, "import.empty", "文件里没有数据", "there is nothing in the file")
	ErrOldExcel  = fault.Define(fault.Invalid, "import.old_excel", "不支持旧版 .xls 文件，请另存为 .xlsx 后再上传", "old .xls files cannot be read; save it as .xlsx and upload that")
	ErrWorkbook  = fault.Define(fault.Invalid, "import.workbook", "无法读取这个 Excel 文件：{detail}", "this Excel file cannot be read: {detail}")
	ErrSheet     = fault.Define(fault.Invalid, "import.sheet", "找不到工作表“{sheet}”", "there is no sheet \"{sheet}\"")
	ErrColumns   = fault.Define(fault.Invalid, "import.columns", "列太多：最多 {max} 列", "too many columns: {max} at most")
	ErrRows      = fault.Define(fault.Invalid, "import.rows", "行太多：最多 {max} 行", "too many rows: {max} at most")
	ErrRecord    = fault.Define(fault.Invalid, "import.record", "第 {row} 行太长，可能缺少一个引号", "row {row} is too long; a quotation mark may be missing")
	ErrEncoding  = fault.Define(fault.Invalid, "import.encoding", "不认识的编码“{encoding}”", "unknown encoding \"{encoding}\"")
	ErrDelimiter = fault.Define(fault.Invalid, "import.delimiter", "分隔符只能是一个字符", "a delimiter is one character")
	ErrBinary    = fault.Define(fault.Invalid, "import.binary", "这不是表格文件；请上传 CSV 或 .xlsx 文件", "this is not a table; upload a CSV or .xlsx file")
)

// Source is a table of texts. Close it when done.
type Source struct {
	Name      string   // of the file
	Kind      string   // csv or xlsx
	Sheets    []string // of a workbook
	Sheet     string
	Encoding  string
	Delimiter string
	Columns   []Name

	header int // line of the names; 0: none
	path   string
	size   int64
	owned  bool
	book   *workbook
	fixes  map[int]map[int]string // row of the file → column → text
}

// Fix is what somebody wrote over cells of a row, by the names of columns.
type Fix struct {
	Row   int               `json:"row"`
	Cells map[string]string `json:"cells"`
}

// Fix lets cells be read as they were put right; the content stays as it is.
func (s *Source) Fix(fixes []Fix) error {
	var l fault.List
	s.fixes = map[int]map[int]string{}
	for i, f := range fixes {
		for name, text := range f.Cells {
			c := slices.IndexFunc(s.Columns, func(c Name) bool { return c.Name == name })
			if c < 0 {
				l.Add(ErrNoColumn.At("fixes/"+itoa(i)+"/cells").With("column", name))
				continue
			}
			if s.fixes[f.Row] == nil {
				s.fixes[f.Row] = map[int]string{}
			}
			s.fixes[f.Row][c] = clean(text)
		}
	}
	return l.Err()
}

// Count is how many rows Each visits.
func (s *Source) Count(ctx context.Context) (int, error) {
	n := 0
	err := s.Each(ctx, func(int, []string) error {
		n++
		return nil
	})
	return n, err
}

// Name is what a column is called: in the file, and in filters.
type Name struct {
	Name string `json:"name"`
	Key  string `json:"key"`
}

// Open reads a table of at most max bytes. It keeps the content in a temporary
// file until Close.
func Open(r io.Reader, name string, max int64, o Read) (*Source, error) {
	f, err := os.CreateTemp("", "tenon-import-*")
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(f, io.LimitReader(r, max+1))
	err = errors.Join(err, f.Close())
	s := &Source{Name: path.Base(strings.ReplaceAll(name, `\`, "/")), path: f.Name(), size: n, owned: true}
	switch {
	case err != nil:
	case n > max:
		err = ErrTooLarge.With("max", max>>20)
	case n == 0:
		err = ErrEmpty.New()
	default:
		err = s.open(o)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// OpenFile is Open of a file that stays where it is.
func OpenFile(file, name string, o Read) (*Source, error) {
	st, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	s := &Source{Name: name, path: file, size: st.Size()}
	if st.Size() == 0 {
		return nil, ErrEmpty.New()
	}
	if err := s.open(o); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close forgets the content.
func (s *Source) Close() error {
	var err error
	if s.book != nil {
		err = s.book.close()
	}
	if s.owned {
		err = errors.Join(err, os.Remove(s.path))
	}
	return err
}

// open tells the kind, and finds the names of the columns.
func (s *Source) open(o Read) error {
	head, err := s.head(1 << 20)
	if err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		s.Kind = "xlsx"
		if s.book, err = openWorkbook(s.path); err != nil {
			return err
		}
		s.Sheets = s.book.sheets
		if s.Sheet = o.Sheet; s.Sheet == "" {
			s.Sheet = s.book.first()
		}
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return ErrOldExcel.New()
	default:
		s.Kind = "csv"
		if err := s.detect(head, o); err != nil {
			return err
		}
	}
	return s.names(o.Header)
}

func (s *Source) head(max int64) ([]byte, error) {
	f, err := os.Open(s.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, max))
}

var errEnough = errors.New("enough")

// names finds the line with the columns' names: the one asked for, else the
// first with anything in it, but for a title above the table.
func (s *Source) names(line int) error {
	var names []string
	var first []string
	width := 0
	err := s.lines(func(n int, cells []string) error {
		full := filled(cells)
		switch {
		case line == -1:
			if full == 0 {
				return nil
			}
			for i := range cells {
				names = append(names, letter(i))
			}
			return errEnough
		case line > 0:
			if n < line {
				return nil
			}
		case full == 0:
			return nil
		case full == 1 && first == nil && n < 10:
			first = append([]string{}, cells...)
			s.header = n
			return nil
		}
		if first != nil && full < 2 {
			// One column all the way down.
			names, width = first, len(cells)
			return errEnough
		}
		s.header = n
		names = append([]string{}, cells...)
		return errEnough
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	if names == nil {
		names = first
	}
	if len(names) == 0 {
		return ErrEmpty.New()
	}
	if max(len(names), width) > MaxColumns {
		return ErrColumns.With("max", MaxColumns)
	}
	for len(names) > 1 && strings.TrimSpace(names[len(names)-1]) == "" {
		names = names[:len(names)-1]
	}
	seen, keys := map[string]bool{}, map[string]bool{}
	for i, n := range names {
		n = strings.Join(strings.Fields(n), " ")
		if r := []rune(n); len(r) > 200 {
			n = string(r[:200])
		}
		if n == "" {
			n = letter(i)
		}
		base := n
		for k := 2; seen[n]; k++ {
			n = base + " (" + strconv.Itoa(k) + ")"
		}
		seen[n] = true
		s.Columns = append(s.Columns, Name{Name: n, Key: FreeKey(n, "col_"+strconv.Itoa(i+1), keys)})
	}
	return nil
}

func filled(cells []string) int {
	n := 0
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			n++
		}
	}
	return n
}

// letter is what a spreadsheet calls a column.
func letter(i int) string {
	s := ""
	for i++; i > 0; i = (i - 1) / 26 {
		s = string(rune('A'+(i-1)%26)) + s
	}
	return s
}

// Each visits the rows below the names: their number in the file and one text
// per column, which is valid during the call only. Blank rows are left out.
func (s *Source) Each(ctx context.Context, visit func(n int, cells []string) error) error {
	row := make([]string, len(s.Columns))
	rows := 0
	return s.lines(func(n int, cells []string) error {
		if n <= s.header || filled(cells) == 0 {
			return nil
		}
		if rows++; rows > MaxRows {
			return ErrRows.With("max", MaxRows)
		}
		if rows%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for i := range row {
			row[i] = ""
			if i < len(cells) {
				row[i] = clean(cells[i])
			}
		}
		for i, text := range s.fixes[n] {
			row[i] = text
		}
		return visit(n, row)
	})
}

// clean makes a cell's text one that can be stored.
func clean(s string) string {
	s = strings.TrimSpace(s)
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	if strings.IndexByte(s, 0) >= 0 {
		s = strings.ReplaceAll(s, "\x00", "")
	}
	if rest, marked := strings.CutPrefix(s, "'"); marked && inert(rest) != rest {
		s = rest // a mark against formulas, such as exports have
	}
	if len(s) > MaxCell {
		s = strings.ToValidUTF8(s[:MaxCell], "")
	}
	return s
}

// lines visits all lines of the table, counted from 1.
func (s *Source) lines(visit func(n int, cells []string) error) error {
	if s.book != nil {
		return s.book.rows(s.Sheet, visit)
	}
	return s.csv(visit)
}

// Column finds a column by its name or key, whatever the case; -1 for none.
func (s *Source) Column(name string) int {
	for i, c := range s.Columns {
		if c.Name == name {
			return i
		}
	}
	name = strings.Join(strings.Fields(name), " ")
	for i, c := range s.Columns {
		if strings.EqualFold(c.Name, name) || c.Key == name {
			return i
		}
	}
	return -1
}
