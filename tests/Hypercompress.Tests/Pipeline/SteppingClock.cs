namespace Hypercompress.Tests.Pipeline;

/// <summary>A clock on which a second and a half passes between two looks.</summary>
internal sealed class SteppingClock : TimeProvider
{
    private long _looks;

    public override long TimestampFrequency => 2;

    public override long GetTimestamp() => 3 * _looks++;
}
