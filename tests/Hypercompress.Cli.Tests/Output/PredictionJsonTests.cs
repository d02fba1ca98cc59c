using Hypercompress.Cli.Output;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Cli.Tests.Output;

public sealed class PredictionJsonTests
{
    [Fact]
    public void Write_KeepsNumbersAsNumbers_AndAbsentOnesAsNull()
    {
        Assert.Equal(
            """{"value":18.25,"low":17.5,"high":1234.5}""",
            PredictionJson.Write(new PerplexityForecast(18.25, 17.5, 1234.5)).ToJsonString());
        Assert.Equal(
            """{"sensible":false,"max_perplexity_factor":5,"nearest_sensible_ratio":null}""",
            PredictionJson.Write(new QualityVerdict(false, 5, null)).ToJsonString());
        Assert.Equal(
            """{"bits_per_weight":3.5,"limit_bits_per_weight":3.25,"error_nats":0.125,"limit_error_nats":0.0625}""",
            PredictionJson.Write(new RateLimit(3.5, 3.25, 0.125, 0.0625))!.ToJsonString());
        Assert.Null(PredictionJson.Write((RateLimit?)null));
        Assert.Null(PredictionJson.WriteOptional(null));
        Assert.Equal(
            """{"value":18.25,"low":17.5,"high":1234.5}""",
            PredictionJson.WriteOptional(new PerplexityForecast(18.25, 17.5, 1234.5))!.ToJsonString());
    }
}
