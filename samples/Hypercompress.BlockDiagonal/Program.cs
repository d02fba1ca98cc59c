using Hypercompress.BlockDiagonal;
using Hypercompress.Branches.Registry;
using Hypercompress.Samples;

// The one line that adds the branch.
BranchRegistry registry = new BranchRegistry().With(BlockDiagonalBranch.Registration);

return SampleRun.Compress(
    args,
    registry,
    """
    targets:
      compression_ratio: 6
    distillation:
      enabled: false
    finetune:
      enabled: false
    """,
    made => made.Report.Branches.Select(
        branch => $"{branch.Name}: {branch.Metrics["sites"]} sites, {branch.Metrics["bytes"]:N0} bytes"));
