using System.Runtime.InteropServices;
using Hypercompress.Branches.Solvers;
using Hypercompress.NumberFormats.Integers;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Quantization;

/// <summary>Lets a column sweep round to codes in groups whose scales are known beforehand.</summary>
internal sealed class GroupRule : IColumnRule
{
    private readonly byte[] _codes;
    private readonly float[] _scales;
    private readonly float[]? _minimums;
    private readonly int _columns;
    private readonly int _groupSize;
    private readonly int _groups;
    private readonly int _least;
    private readonly int _most;
    private readonly int _middle;

    /// <summary>Starts a sweep.</summary>
    /// <param name="format">A format of integer codes.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="ranges">Scales and minimums.</param>
    internal GroupRule(IntegerFormat format, long columns, GroupRanges ranges)
    {
        (_columns, _groupSize, _groups) = ((int)columns, format.GroupSize, (int)ranges.Scales.shape[1]);
        _scales = Numbers(ranges.Scales);
        _minimums = ranges.Minimums is null ? null : Numbers(ranges.Minimums);
        _codes = new byte[ranges.Scales.shape[0] * columns];
        (_least, _most) = (format.LeastCode, format.MostCode);

        // The value of a symmetric code is its difference to the code of zero.
        _middle = _minimums is null ? format.Offset : 0;
    }

    /// <summary>The codes so far, uint8 [rows, columns], in the caller's scope.</summary>
    internal Tensor Codes() => tensor(_codes, dtype: ScalarType.Byte).view(-1, _columns);

    /// <summary>The values of codes in units of the scales, float32 [rows, columns], in the caller's scope.</summary>
    internal Tensor Signed(Tensor codes) => codes.to(ScalarType.Float32).sub_(_middle);

    /// <inheritdoc/>
    public void Decide(int column, int firstRow, ReadOnlySpan<float> wanted, Span<float> decided)
    {
        for (int i = 0; i < wanted.Length; i++)
        {
            int group = ((firstRow + i) * _groups) + (column / _groupSize);
            float scale = _scales[group];
            float minimum = _minimums is null ? 0 : _minimums[group];
            float level = scale == 0 ? _middle : MathF.Round((wanted[i] - minimum) / scale) + _middle;
            level = Math.Clamp(level, _least, _most);
            _codes[((firstRow + i) * _columns) + column] = (byte)level;
            decided[i] = ((level - _middle) * scale) + minimum;
        }
    }

    private static float[] Numbers(Tensor tensor)
    {
        using Tensor contiguous = tensor.cpu().contiguous();
        return MemoryMarshal.Cast<byte, float>(contiguous.bytes).ToArray();
    }
}
