using static TorchSharp.torch;

namespace Hypercompress.Artifacts;

/// <summary>What an export is asked for.</summary>
/// <param name="Path">Where it goes; must not exist yet.</param>
/// <param name="Type">Element type of dense weights.</param>
/// <param name="Verify">Whether it is read back and its logits compared.</param>
public sealed record ExportRequest(string Path, ScalarType Type, bool Verify);
