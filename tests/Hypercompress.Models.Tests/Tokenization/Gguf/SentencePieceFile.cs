using System.Text;
using Hypercompress.Models.Tokenization.Gguf;

namespace Hypercompress.Models.Tests.Tokenization.Gguf;

/// <summary>The pieces of a SentencePiece model, as a GGUF file would carry them.</summary>
internal static class SentencePieceFile
{
    public static GgufTokenizerData Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var tokens = new List<string>();
        var scores = new List<float>();
        var types = new List<int>();
        int position = 0;
        while (position < bytes.Length)
        {
            long tag = ReadNumber(bytes, ref position);
            Assert.Equal(2, tag & 7);
            int length = (int)ReadNumber(bytes, ref position);
            if (tag >> 3 == 1)
            {
                ReadPiece(bytes, position, position + length, tokens, scores, types);
            }

            position += length;
        }

        return new GgufTokenizerData(
            "llama", null, tokens, scores, types, null, 1, 2, 0, null, true, false, true, null);
    }

    private static void ReadPiece(
        byte[] bytes, int position, int end, List<string> tokens, List<float> scores, List<int> types)
    {
        types.Add(1);
        while (position < end)
        {
            switch (ReadNumber(bytes, ref position))
            {
                case (1 << 3) | 2:
                    int length = (int)ReadNumber(bytes, ref position);
                    tokens.Add(Encoding.UTF8.GetString(bytes, position, length));
                    position += length;
                    break;
                case (2 << 3) | 5:
                    scores.Add(BitConverter.ToSingle(bytes, position));
                    position += 4;
                    break;
                case 3 << 3:
                    types[^1] = (int)ReadNumber(bytes, ref position);
                    break;
                case var other:
                    throw new InvalidDataException($"field {other}");
            }
        }
    }

    private static long ReadNumber(byte[] bytes, ref int position)
    {
        long value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte part = bytes[position++];
            value |= (long)(part & 0x7F) << shift;
            if (part < 128)
            {
                return value;
            }
        }
    }
}
