package field

import "tenon/schema/fault"

// Faults that several types share; the rest stand beside the type they belong to.
var (
	ErrShape     = fault.Define(fault.Invalid, "field.shape", "这里不接受这种格式的值", "a value of this shape does not belong here")
	ErrText      = fault.Define(fault.Invalid, "field.text", "需要填写文本", "a text is needed")
	ErrControl   = fault.Define(fault.Invalid, "field.text.control", "文本中含有不可见的控制字符", "the text contains control characters")
	ErrLong      = fault.Define(fault.Invalid, "field.text.max", "最多 {max} 个字，现有 {count} 个", "at most {max} characters, there are {count}")
	ErrNumber    = fault.Define(fault.Invalid, "field.number", "“{value}”不是数字", "\"{value}\" is not a number")
	ErrDigits    = fault.Define(fault.Invalid, "field.number.digits", "数字最多 {max} 位", "a number may have at most {max} digits")
	ErrMin       = fault.Define(fault.Invalid, "field.number.min", "不能小于 {min}", "must be at least {min}")
	ErrMax       = fault.Define(fault.Invalid, "field.number.max", "不能大于 {max}", "must be at most {max}")
	ErrDate      = fault.Define(fault.Invalid, "field.date", "“{value}”不是日期，请写成 2026-11-22", "\"{value}\" is not a date; write it like 2026-11-22")
	ErrTime      = fault.Define(fault.Invalid, "field.datetime", "“{value}”不是日期时间，请写成 2026-11-22 09:30", "\"{value}\" is not a date and time; write it like 2026-11-22 09:30")
	ErrRef       = fault.Define(fault.Invalid, "field.ref", "“{value}”不是有效的编号（ID）", "\"{value}\" is not a valid id")
	ErrMany      = fault.Define(fault.Invalid, "field.many", "最多 {max} 项，现有 {count} 项", "at most {max} items, there are {count}")
	ErrFew       = fault.Define(fault.Invalid, "field.few", "至少 {min} 项，现有 {count} 项", "at least {min} items, there are {count}")
	ErrComputed  = fault.Define(fault.Invalid, "field.computed", "此字段由系统计算，不能填写", "this field is computed and cannot be written")
	ErrGenerated = fault.Define(fault.Invalid, "field.generated", "此字段由系统自动编号，不能填写", "this field is numbered automatically and cannot be written")
	ErrOption    = fault.Define(fault.Invalid, "field.option", "选项设置有误：{detail_zh}", "the field's settings are wrong: {detail_en}")
)

// option makes the fault of a wrong setting at a JSON pointer into the options.
func option(path, zh, en string) *fault.Fault {
	return ErrOption.At(path).With("detail_zh", zh).With("detail_en", en)
}

// clip shortens what a user typed for use in a message.
func clip(s string) string {
	r := []rune(s)
	if len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
