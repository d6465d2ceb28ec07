package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

const exampleFile = `{"id":` + exampleID + `,"name":"合同.pdf","size":1024,"type":"application/pdf"}`

var _ = Define(Spec[fileOptions]{
	Name: "attachment", Group: "file", Icon: "file",
	Label: Label{ZH: "附件", EN: "Attachment"},
	Help:  Label{ZH: "上传的文件，只有能看到此字段的人能下载", EN: "Uploaded files, for those who may see this field"},
	Options: panel.Object(fileProps(`^(\.[A-Za-z0-9]{1,10}|[a-z]+/(\*|[A-Za-z0-9.+-]+))$`,
		"扩展名或类型，例如 .pdf、.xlsx、image/*；不填则不限", "Extensions or types such as .pdf, .xlsx, image/*; blank for any")...),
	Kind:   value.Object,
	Traits: Traits{Multiple: true, Filterable: true, HoldsFile: true},
	Bind: func(o fileOptions, b *Bound) error {
		bindFiles(b, o, true)
		return nil
	},
	Examples: []Example{
		{In: `[` + exampleFile + `]`, Out: `[` + exampleFile + `]`, Text: "合同.pdf"},
		{In: exampleFile, Out: `[` + exampleFile + `]`},
		{In: `null`, Out: `null`},
		{In: `[]`, Out: `null`},
		{In: `"合同.pdf"`, Err: "field.file"},
		{In: `[{"name":"合同.pdf"}]`, Err: "field.file"},
		{Options: `{"max_count":1}`, In: `[` + exampleFile + `,{"id":` + exampleID2 + `}]`, Err: "field.many"},
		{Options: `{"max_size_mb":1}`, In: `[{"id":` + exampleID + `,"name":"a.zip","size":2000000}]`, Err: "field.file.size"},
		{Options: `{"accept":[".pdf","image/*"]}`, In: `[{"id":` + exampleID + `,"name":"a.exe","type":"application/x-msdownload"}]`, Err: "field.file.type"},
	},
})
