using System.Globalization;
using Hypercompress.Models.Files;

namespace Hypercompress.Models.Tests.Files;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(999.7, "1.0 kB")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(65_536, "65.5 kB")]
    [InlineData(999_949, "999.9 kB")]
    [InlineData(999_950, "1.0 MB")]
    [InlineData(67_251_200, "67.3 MB")]
    [InlineData(1_260_000_000, "1.3 GB")]
    [InlineData(5e15, "5000.0 TB")]
    public void Of_UsesTheLargestUnitInWhichThereIsOne(double bytes, string expected)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Assert.Equal(expected, SizeText.Of(bytes));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
