using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>
/// How the latents of a training become levels: by what costs least in (latent − level)² + price · bits among the
/// levels that its code allows.
/// </summary>
internal interface ILevelRounding : IDisposable
{
    /// <summary>The share of what rounding took from the values with which latents begin, in [0, 1].</summary>
    double RemainderShare { get; }

    /// <summary>The highest learning rates that suit it.</summary>
    CodeStep DefaultRates { get; }

    /// <summary>Rounds latents to levels.</summary>
    /// <param name="latents">float32 [rows, columns], in units of levels.</param>
    /// <param name="price">Squared error that a bit is worth.</param>
    /// <returns>float32 [rows, columns], in the caller's scope.</returns>
    Tensor Levels(Tensor latents, double price);

    /// <summary>Rounds latents to levels and writes the values of these.</summary>
    /// <param name="latents">As for <see cref="Levels"/>.</param>
    /// <param name="price">As for <see cref="Levels"/>.</param>
    /// <param name="grid">The scales.</param>
    /// <param name="values">Receives the values; as <paramref name="latents"/>.</param>
    void Round(Tensor latents, double price, TrainedGrid grid, Tensor values);

    /// <summary>Says that the latents have changed: a search remembers what it found last.</summary>
    void Forget();
}
