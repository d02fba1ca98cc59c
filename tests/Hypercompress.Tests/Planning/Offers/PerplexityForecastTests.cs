using Hypercompress.Planning.Offers;

namespace Hypercompress.Tests.Planning.Offers;

public sealed class PerplexityForecastTests
{
    [Theory]
    [InlineData(18.25, 17.5, 19.5, "F2", "18.25 (17.50 to 19.50)")]
    [InlineData(18.25, 18.25, 19.5, "F2", "18.25 (18.25 to 19.50)")]
    [InlineData(2048, 2048, 2048, "F2", "2048.00")]
    [InlineData(2.0001, 1.9999, 2.0002, "F2", "2.00")]
    [InlineData(2048, 2048, 2048, "0.#", "2048")]
    public void ToText_HasTheBandWhereItDiffersAsWritten(
        double value, double low, double high, string format, string text) =>
        Assert.Equal(text, new PerplexityForecast(value, low, high).ToText(format));
}
