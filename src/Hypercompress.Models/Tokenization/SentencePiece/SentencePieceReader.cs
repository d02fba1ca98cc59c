using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Normalizers;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>Reads a <c>tokenizer.model</c> (the protocol buffer <c>ModelProto</c> of SentencePiece).</summary>
internal static class SentencePieceReader
{
    private const int BpeModel = 2;
    private static readonly string[] ModelTypes = ["", "unigram", "BPE", "word", "char"];

    /// <summary>Reads and checks a file's content.</summary>
    /// <param name="bytes">The content.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="CheckpointException">It is malformed, inconsistent, or of a model type other than BPE and
    /// unigram.</exception>
    public static SentencePieceData Read(ReadOnlySpan<byte> bytes, string file)
    {
        SentencePieceData data;
        try
        {
            data = ReadModel(bytes, file);
        }
        catch (Exception problem) when (problem is InvalidDataException or DecoderFallbackException)
        {
            throw new CheckpointException(
                file, $"is not a SentencePiece model: {problem.Message}{Hint(bytes)}", problem);
        }

        return PieceCheck.Check(data, file);
    }

    // The vocabularies of tiktoken have the same file name.
    private static string Hint(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExceptInRange((byte)'\t', (byte)'~') < 0
        ? "; it looks like a tiktoken vocabulary, whose tokenizer.json must be beside it"
        : "";

    private static SentencePieceData ReadModel(ReadOnlySpan<byte> bytes, string file)
    {
        var pieces = ImmutableArray.CreateBuilder<Piece>();
        var data = new SentencePieceData { Pieces = [] };
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    pieces.Add(ReadPiece(reader.Bytes()));
                    break;
                case 2:
                    data = ReadTrainer(reader.Bytes(), data, file);
                    break;
                case 3:
                    data = data with { Normalizer = ReadNormalizer(reader.Bytes(), data.Normalizer, file) };
                    break;
                case 5:
                    data = data with { Denormalizer = ReadNormalizer(reader.Bytes(), new NormalizerSpec(), file) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return data with { Pieces = pieces.ToImmutable() };
    }

    private static Piece ReadPiece(ReadOnlySpan<byte> bytes)
    {
        var piece = new Piece("", 0, PieceType.Normal);
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    piece = piece with { Text = StrictUtf8.Utf8.GetString(reader.Bytes()) };
                    break;
                case 2:
                    piece = piece with { Score = reader.Float() };
                    break;
                case 3:
                    piece = piece with { Type = (PieceType)reader.Integer() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return piece;
    }

    private static SentencePieceData ReadTrainer(ReadOnlySpan<byte> bytes, SentencePieceData data, string file)
    {
        bool suffix = data.Normalizer.WhitespaceAsSuffix;
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    data = data with { IsBpe = IsBpe(reader.Integer(), file) };
                    break;
                case 24:
                    suffix = reader.Flag();
                    break;
                case 35:
                    data = data with { ByteFallback = reader.Flag() };
                    break;
                case 41:
                    data = data with { BosId = reader.Integer() };
                    break;
                case 42:
                    data = data with { EosId = reader.Integer() };
                    break;
                case 43:
                    data = data with { PadId = reader.Integer() };
                    break;
                case 44:
                    data = data with { UnknownSurface = StrictUtf8.Utf8.GetString(reader.Bytes()) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return data with { Normalizer = data.Normalizer with { WhitespaceAsSuffix = suffix } };
    }

    private static bool IsBpe(int type, string file) => type switch
    {
        1 => false,
        BpeModel => true,
        _ => throw new CheckpointException(
            file, $"is a SentencePiece model of type {TypeName(type)}; BPE and unigram are supported"),
    };

    private static string TypeName(int type) => type > 0 && type < ModelTypes.Length
        ? ModelTypes[type]
        : type.ToString(CultureInfo.InvariantCulture);

    private static NormalizerSpec ReadNormalizer(ReadOnlySpan<byte> bytes, NormalizerSpec spec, string file)
    {
        var reader = new WireReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    var map = reader.Bytes();
                    spec = spec with
                    {
                        Map = map.IsEmpty ? null
                            : CharacterMap.Read(map, problem => new CheckpointException(file, problem)),
                        MapBytes = [.. map],
                    };
                    break;
                case 3:
                    spec = spec with { AddDummyPrefix = reader.Flag() };
                    break;
                case 4:
                    spec = spec with { RemoveExtraWhitespaces = reader.Flag() };
                    break;
                case 5:
                    spec = spec with { EscapeWhitespaces = reader.Flag() };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return spec;
    }
}
