namespace Hypercompress.Tests.Configuration;

public enum SampleKind
{
    FirstKind,
    SecondKind,
}
