using Hypercompress.NumberFormats.EntropyCoding.Streams;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding.Training;

/// <summary>The class of every place of a matrix, from which the bits of its levels follow.</summary>
internal sealed class LevelClasses : IDisposable
{
    private readonly Tensor _rows;
    private readonly Tensor _columns;

    /// <summary>Takes the classes of a grid.</summary>
    /// <param name="scales">The grid.</param>
    /// <param name="device">Where they are used.</param>
    internal LevelClasses(MatrixScales scales, Device device)
    {
        Scales = scales;
        _rows = Magnitudes(scales.Parts.RowMagnitudes, device).unsqueeze(1).DetachFromDisposeScope();
        _columns = Magnitudes(scales.Parts.ColumnMagnitudes, device).unsqueeze(0).DetachFromDisposeScope();
    }

    /// <summary>The grid.</summary>
    internal MatrixScales Scales { get; }

    /// <summary>Number of classes.</summary>
    internal int Classes => Scales.Classes;

    /// <summary>Classes that fit levels as they are.</summary>
    /// <param name="levels">float32 [rows, columns].</param>
    /// <param name="parts">Scales, which stay.</param>
    /// <param name="unit">The base of the grid.</param>
    internal static LevelClasses Fit(Tensor levels, ScaleParts parts, float unit)
    {
        using var scope = NewDisposeScope();
        (ScaleParts fitted, _) = ScaleParts.Fit(
            levels, ones(levels.shape[0], device: levels.device), ones(levels.shape[1], device: levels.device));
        ScaleParts kept = parts with
        {
            RowMagnitudes = fitted.RowMagnitudes,
            ColumnMagnitudes = fitted.ColumnMagnitudes,
        };
        return new LevelClasses(MatrixScales.WithClasses(kept, unit), levels.device);
    }

    /// <summary>The classes of some rows, int32 [count, columns], in the caller's scope.</summary>
    internal Tensor Of(long first, long count)
    {
        using var scope = NewDisposeScope();
        Tensor above = (_rows.narrow(0, first, count) + _columns).sub_(Scales.Lowest);
        return above.clamp_(min: 0).div_(Scales.Width, RoundingMode.floor).clamp_(max: Classes - 1)
            .MoveToOuterDisposeScope();
    }

    /// <summary>How often levels occur, by table and index of <see cref="LevelModel.TableOf"/>.</summary>
    /// <param name="levels">[rows, columns], contiguous.</param>
    /// <param name="largest">The largest magnitude.</param>
    /// <param name="code">Which levels may follow each other.</param>
    internal long[][] Count(Tensor levels, int largest, LevelCode code)
    {
        using var scope = NewDisposeScope();
        int width = largest + 1;
        Tensor index = levels.abs().to(ScalarType.Int32).add_(Of(0, levels.shape[0]), width);
        Tensor counts = bincount(index.view(-1), null, Classes * width).cpu();
        long[] all = counts.data<long>().ToArray();
        var tables = new long[LevelModel.Tables(Classes, code)][];
        for (int i = 0; i < tables.Length; i++)
        {
            tables[i] = new long[width];
        }

        for (int i = 0; i < all.Length; i++)
        {
            (int table, int place) = LevelModel.TableOf(i / width, i % width, code);
            tables[table][place] = all[i];
        }

        return tables;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _columns.Dispose();
    }

    private static Tensor Magnitudes(sbyte[] values, Device device) =>
        tensor(values.Select(value => (int)value).ToArray(), device: device);
}
