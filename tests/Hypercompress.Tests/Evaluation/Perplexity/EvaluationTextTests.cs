using System.IO.Compression;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Tests.Evaluation.Perplexity;

public sealed class EvaluationTextTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Read_Text_EncodesItAsItIs()
    {
        File.WriteAllText(_file, "ab\n c\n");
        EvaluationText text = EvaluationText.Read(_file, new CharacterTokenizer());
        Assert.Equal("ab\n c\n".Select(letter => (int)letter), text.Ids.ToArray());
        Assert.Equal(_file, text.File);
    }

    [Fact]
    public void Read_JsonLines_EncodesTheDocumentsAndNotTheJson()
    {
        using var scratch = new ScratchFolder();
        string file =
            scratch.Write(
            "held-out.jsonl", "{\"text\": \"one\\ntwo\", \"meta\": {\"url\": \"x\"}}\n{\"text\": \"three\"}\n");
        EvaluationText text = EvaluationText.Read(file, new CharacterTokenizer());
        Assert.Equal("one\ntwo\n\nthree".Select(letter => (int)letter), text.Ids.ToArray());
    }

    [Fact]
    public void Read_PackedText_UnpacksIt()
    {
        using (var packed = new GZipStream(File.Create(_file), CompressionLevel.Fastest))
        {
            packed.Write("ab"u8);
        }

        Assert.Equal([97, 98], EvaluationText.Read(_file, new CharacterTokenizer()).Ids.ToArray());
    }

    [Fact]
    public void Read_BytesThatAreNotUtf8_NamesTheFirst()
    {
        File.WriteAllBytes(_file, [0x61, 0xE9]);
        CheckpointException fault = Assert.Throws<CheckpointException>(
            () => EvaluationText.Read(_file, new CharacterTokenizer()));
        Assert.Contains("byte 1 is 0xE9", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptyFile_SaysSo()
    {
        CheckpointException fault = Assert.Throws<CheckpointException>(
            () => EvaluationText.Read(_file, new CharacterTokenizer()));
        Assert.Contains("is empty", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        CheckpointException fault = Assert.Throws<CheckpointException>(
            () => EvaluationText.Read(_file + ".none", new CharacterTokenizer()));
        Assert.Equal((_file + ".none", 3), (fault.File, fault.ExitCode));
    }

    public void Dispose() => File.Delete(_file);

    private sealed class CharacterTokenizer : ITokenizer
    {
        public int VocabularySize => char.MaxValue;

        public int? BosTokenId => null;

        public int? EosTokenId => null;

        public int[] Encode(string text, bool addSpecialTokens = true) => [.. text.Select(letter => (int)letter)];

        public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false) =>
            string.Concat(ids.Select(id => (char)id));
    }
}
