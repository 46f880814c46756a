// Where the CRDs of the stack's charts and of EKS Auto Mode's node pools come from. Nothing is built of these modules:
// each is downloaded alone and checked against go.sum, so no requirement of theirs is resolved (`go mod tidy` would empty
// this file). Karpenter: the newest whose own `go` line is not ahead of the Go that builds the control plane.
module tierstack/tests/cluster/tools/crds

go 1.26.6

require (
	github.com/kedacore/keda/v2 v2.21.0
	sigs.k8s.io/karpenter v1.14.1
)
