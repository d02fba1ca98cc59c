using Hypercompress.Branches.Registry;
using Hypercompress.Samples;
using Hypercompress.Ternary;

// The one line that adds the number format.
BranchRegistry registry = new BranchRegistry().With(TernaryFormat.Registration);

return SampleRun.Compress(
    args,
    registry,
    """
    targets:
      compression_ratio: 6
    branches:
      quantization:
        formats: [int8-g64, uint4-g64, ternary-g64]
        entropy_coding: false
    """,
    made => made.Report.Sites.CountBy(site => site.Form).Select(form => $"{form.Value} sites: {form.Key}"));
