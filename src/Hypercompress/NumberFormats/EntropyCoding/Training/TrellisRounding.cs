using System.Runtime.InteropServices;
using Hypercompress.NumberFormats.EntropyCoding.Search;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>
/// Rounds latents to the levels of a trellis: along each column the path that costs least in (latent − level)² + price
/// · bits, the search that solving ends with.
/// </summary>
/// <param name="scales">The classes by which levels are priced.</param>
/// <param name="model">Bits of levels.</param>
/// <param name="largest">The largest level that is to be expected.</param>
internal sealed class TrellisRounding(MatrixScales scales, LevelModel model, int largest) : ILevelRounding
{
    private LevelPrices? _prices;
    private Tensor? _found;
    private double _price;

    /// <summary>
    /// Latents begin nearer to their levels than those of scalars: along a column many other paths cost hardly more,
    /// and the noise of full remainders would change levels before training has a direction (docs/experiments.md).
    /// </summary>
    public double RemainderShare => 0.5;

    /// <inheritdoc/>
    public CodeStep DefaultRates { get; } = new(LevelRate: 0.02, ScaleRate: 0.003);

    /// <inheritdoc/>
    public Tensor Levels(Tensor latents, double price)
    {
        using var scope = NewDisposeScope();
        return LevelsOf(Found(latents, price), 0, latents.shape[0], latents.device).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Round(Tensor latents, double price, TrainedGrid grid, Tensor values)
    {
        Tensor found = Found(latents, price);
        grid.WriteValues(values, (first, count) => LevelsOf(found, first, count, latents.device));
    }

    /// <inheritdoc/>
    public void Forget()
    {
        _found?.Dispose();
        _found = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();

    private static Tensor LevelsOf(Tensor found, long first, long count, Device device) =>
        found.narrow(1, first, count).t().contiguous().to(ScalarType.Float32, device);

    // Searches, unless nothing has changed since the last search. int16 [columns, rows] in CPU memory; owned by this.
    private Tensor Found(Tensor latents, double price)
    {
        if (_found is null || _price != price)
        {
            _prices = _price == price ? _prices : null;
            _price = price;
            _prices ??= LevelPrices.Of(scales.Classes, model.Bits, price, largest);
            _found?.Dispose();
            _found = Search(latents, _prices).DetachFromDisposeScope();
        }

        return _found;
    }

    private Tensor Search(Tensor latents, LevelPrices prices)
    {
        using var scope = NewDisposeScope();
        Tensor byColumn = latents.t().cpu().contiguous();
        Tensor levels = empty(scales.Columns, scales.Rows, dtype: ScalarType.Int16);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, get_num_threads()) };
        Parallel.For(
            0,
            scales.Columns,
            options,
            () => (Search: new TrellisSearch(), Classes: new byte[CodedMatrix.RunRows]),
            (column, _, own) =>
            {
                Search(column, byColumn, levels, prices, own.Search, own.Classes);
                return own;
            },
            _ => { });
        return levels.MoveToOuterDisposeScope();
    }

    private void Search(
        int column, Tensor latents, Tensor levels, LevelPrices prices, TrellisSearch search, byte[] classes)
    {
        int rows = scales.Rows;
        ReadOnlySpan<float> wanted = MemoryMarshal.Cast<byte, float>(latents.bytes).Slice(column * rows, rows);
        Span<short> found = MemoryMarshal.Cast<byte, short>(levels.bytes).Slice(column * rows, rows);
        foreach ((int first, int count) in CodedMatrix.RunsOf(rows))
        {
            scales.ClassesOf(column, first, classes.AsSpan(0, count));
            search.Run(
                wanted.Slice(first, count),
                classes.AsSpan(0, count),
                prices,
                found.Slice(first, count),
                TrellisCode.Start);
        }
    }
}
