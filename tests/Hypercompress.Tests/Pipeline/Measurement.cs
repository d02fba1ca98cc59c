using Hypercompress.Phases;

namespace Hypercompress.Tests.Pipeline;

/// <summary>A value that an observer received.</summary>
internal sealed record Measurement(Phase Phase, string Series, long Step, double Value);
