// What Helm does with a chart, without a cluster: `lint DIR VALUES` and `template DIR NAME NAMESPACE VALUES`, by Helm's own packages.
// The answer is JSON on stdout; a chart or values that Helm refuses end it with 1 and the reason on stderr.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
)

type message struct {
	Severity int    `json:"severity"`
	Path     string `json:"path"`
	Text     string `json:"text"`
}

func main() {
	var answer any
	var err error
	switch {
	case len(os.Args) == 4 && os.Args[1] == "lint":
		answer, err = checked(os.Args[2], os.Args[3])
	case len(os.Args) == 6 && os.Args[1] == "template":
		answer, err = rendered(os.Args[2], os.Args[3], os.Args[4], os.Args[5])
	default:
		err = fmt.Errorf("lint DIR VALUES, or template DIR NAME NAMESPACE VALUES")
	}
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(answer)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func checked(directory, text string) ([]message, error) {
	values, err := chartutil.ReadValues([]byte(text))
	if err != nil {
		return nil, err
	}
	messages := []message{}
	for _, each := range lint.All(directory, values, "default", true).Messages {
		messages = append(messages, message{each.Severity, each.Path, each.Err.Error()})
	}
	return messages, nil
}

func rendered(directory, name, namespace, text string) (map[string]string, error) {
	chart, err := loader.Load(directory)
	if err != nil {
		return nil, err
	}
	values, err := chartutil.ReadValues([]byte(text))
	if err != nil {
		return nil, err
	}
	options := chartutil.ReleaseOptions{Name: name, Namespace: namespace, Revision: 1, IsInstall: true}
	whole, err := chartutil.ToRenderValues(chart, values, options, nil)
	if err != nil {
		return nil, err
	}
	return engine.Render(chart, whole)
}
