using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Tests.Configuration;

public sealed record SampleNested : IValidatableObject
{
    public int Low { get; init; } = 1;

    public int High { get; init; } = 2;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Low > High)
        {
            yield return new ValidationResult($"must not exceed high, which is {High}", [nameof(Low)]);
        }
    }
}
