using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>Rounds each latent to the level below or above it, whichever costs less.</summary>
/// <param name="classes">The classes by which levels are priced; stay the caller's.</param>
/// <param name="slopes">Bits that the level above takes more; stay the caller's.</param>
internal sealed class ScalarRounding(LevelClasses classes, LevelSlopes slopes) : ILevelRounding
{
    /// <inheritdoc/>
    public double RemainderShare => 1;

    /// <inheritdoc/>
    public CodeStep DefaultRates { get; } = new(LevelRate: 0.005, ScaleRate: 0.0003);

    /// <inheritdoc/>
    public Tensor Levels(Tensor latents, double price)
    {
        using var scope = NewDisposeScope();
        Tensor[] parts =
            [.. LevelParts.Of(latents).Select(part => LevelsOf(latents, part.First, part.Count, price))];
        return cat(parts, 0).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Round(Tensor latents, double price, TrainedGrid grid, Tensor values)
    {
        if (latents.device.type == TorchSharp.DeviceType.CPU)
        {
            LevelKernel.Round(latents, values, LevelGrid.Of(grid, classes, slopes, price));
        }
        else
        {
            grid.WriteValues(values, (first, count) => LevelsOf(latents, first, count, price));
        }
    }

    /// <inheritdoc/>
    public void Forget()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private Tensor LevelsOf(Tensor latents, long first, long count, double price)
    {
        using var scope = NewDisposeScope();
        Tensor part = latents.narrow(0, first, count);
        Tensor below = part.floor();
        Tensor more = slopes.At(below, classes.Of(first, count));
        Tensor isAbove = (part - below).gt(more.mul_(price / 2).add_(0.5));
        return below.add_(isAbove).MoveToOuterDisposeScope();
    }
}
