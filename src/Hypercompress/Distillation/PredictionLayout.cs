using System.Buffers.Binary;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Distillation;

/// <summary>
/// How predictions of a window are written: for each position the ids of the tokens, in 16 or 32 bits, then the
/// logarithms of their probabilities and of the rest, in 16 bits each.
/// </summary>
/// <param name="Vocabulary">Number of tokens.</param>
/// <param name="Length">Positions of a window.</param>
internal sealed record PredictionLayout(int Vocabulary, int Length)
{
    /// <summary>Tokens that are kept of a position.</summary>
    public int Kept => TeacherPredictions.CountFor(Vocabulary);

    /// <summary>Bytes of a position.</summary>
    public int PositionBytes => (Kept * (TeacherPredictions.BytesOfId(Vocabulary) + sizeof(ushort))) + sizeof(ushort);

    /// <summary>Bytes of a window.</summary>
    public int WindowBytes => Length * PositionBytes;

    /// <summary>Writes predictions.</summary>
    /// <param name="predictions">Of all positions of a window.</param>
    /// <returns>Their bytes.</returns>
    public byte[] Encode(TeacherPredictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        using var scope = NewDisposeScope();
        long[] tokens = predictions.Tokens.cpu().contiguous().data<long>().ToArray();
        float[] logarithms = predictions.LogProbabilities.cpu().contiguous().data<float>().ToArray();
        byte[] written = new byte[WindowBytes];
        Span<byte> rest = written;
        for (int position = 0; position < Length; position++)
        {
            foreach (long token in tokens.AsSpan(position * Kept, Kept))
            {
                WriteId(rest, (int)token);
                rest = rest[TeacherPredictions.BytesOfId(Vocabulary)..];
            }

            foreach (float logarithm in logarithms.AsSpan(position * (Kept + 1), Kept + 1))
            {
                BinaryPrimitives.WriteHalfLittleEndian(rest, (Half)logarithm);
                rest = rest[sizeof(ushort)..];
            }
        }

        return written;
    }

    /// <summary>Reads predictions.</summary>
    /// <param name="written">What <see cref="Encode"/> wrote.</param>
    /// <returns>The predictions; their probabilities sum to one again, in the caller's scope.</returns>
    public TeacherPredictions Decode(ReadOnlySpan<byte> written)
    {
        long[] tokens = new long[Length * Kept];
        float[] logarithms = new float[Length * (Kept + 1)];
        for (int position = 0; position < Length; position++)
        {
            for (int i = 0; i < Kept; i++)
            {
                tokens[(position * Kept) + i] = ReadId(written);
                written = written[TeacherPredictions.BytesOfId(Vocabulary)..];
            }

            for (int i = 0; i <= Kept; i++)
            {
                logarithms[(position * (Kept + 1)) + i] = (float)BinaryPrimitives.ReadHalfLittleEndian(written);
                written = written[sizeof(ushort)..];
            }
        }

        return new TeacherPredictions(
            tensor(tokens).reshape(Length, Kept), tensor(logarithms).reshape(Length, Kept + 1).log_softmax(1));
    }

    private void WriteId(Span<byte> to, int id)
    {
        if (TeacherPredictions.BytesOfId(Vocabulary) == sizeof(ushort))
        {
            BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)id);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(to, id);
        }
    }

    private int ReadId(ReadOnlySpan<byte> from) => TeacherPredictions.BytesOfId(Vocabulary) == sizeof(ushort)
        ? BinaryPrimitives.ReadUInt16LittleEndian(from)
        : BinaryPrimitives.ReadInt32LittleEndian(from);
}
