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
internal sealed class TrellisRounding(MatrixScales scales, LevelModel model, int largest) : IDisposable
{
    private LevelPrices? _prices;
    private Tensor? _found;
    private double _price;

    /// <summary>Searches, unless nothing has changed since the last search.</summary>
    /// <param name="latents">float32 [rows, columns], in units of levels.</param>
    /// <param name="price">Squared error that a bit is worth.</param>
    /// <returns>The levels, int16 [columns, rows] in CPU memory; owned by this.</returns>
    internal Tensor Levels(Tensor latents, double price)
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

    /// <summary>Says that the latents have changed.</summary>
    internal void Forget()
    {
        _found?.Dispose();
        _found = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();

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
        for (int first = 0; first < rows; first += CodedMatrix.RunRows)
        {
            int count = int.Min(CodedMatrix.RunRows, rows - first);
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
