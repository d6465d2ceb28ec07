package field

import (
	"tenon/schema/panel"
	"tenon/schema/value"
)

type signatureOptions struct{}

var _ = Define(Spec[signatureOptions]{
	Name: "signature", Group: "file", Icon: "contract",
	Label:   Label{ZH: "手写签名", EN: "Signature"},
	Help:    Label{ZH: "在屏幕上手写的签名，存为一张图片", EN: "A signature written on the screen, kept as one picture"},
	Options: panel.Object(),
	Kind:    value.Object,
	Traits:  Traits{Filterable: true, HoldsFile: true},
	Bind: func(_ signatureOptions, b *Bound) error {
		bindFiles(b, fileOptions{MaxCount: 1, MaxSizeMB: 5, Accept: []string{"image/png", ".png"}}, false)
		return nil
	},
	Examples: []Example{
		{In: `{"id":` + exampleID + `,"name":"签名.png","size":900,"type":"image/png"}`, Out: `{"id":` + exampleID + `,"name":"签名.png","size":900,"type":"image/png"}`, Text: "签名.png"},
		{In: `[{"id":` + exampleID + `}]`, Out: `{"id":` + exampleID + `}`},
		{In: `null`, Out: `null`},
		{In: `"王小明"`, Err: "field.file"},
		{In: `[{"id":` + exampleID + `},{"id":` + exampleID2 + `}]`, Err: "field.many"},
		{In: `{"id":` + exampleID + `,"name":"a.pdf"}`, Err: "field.file.type"},
	},
})
