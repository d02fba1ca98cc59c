using Tokenizers.DotNet;

namespace Hypercompress.Models.Tests.Tokenization.Reference;

/// <summary>Hugging Face's own tokenizers on a <c>tokenizer.json</c>; tests skip where its library does not
/// load.</summary>
internal sealed class ReferenceTokenizer : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Tokenizer _tokenizer;

    public ReferenceTokenizer(byte[] json)
    {
        string path = _folder.Of("tokenizer.json");
        File.WriteAllBytes(path, json);
        try
        {
            _tokenizer = new Tokenizer(path);
        }
        catch (Exception problem) when (problem is DllNotFoundException or BadImageFormatException)
        {
            _folder.Dispose();
            Assert.Skip($"the native library of Tokenizers.DotNet does not load here: {problem.Message}");
            throw;
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>The ids of a text, special tokens included.</summary>
    public int[] Encode(string text) => [.. _tokenizer.Encode(text).Select(id => (int)id)];

    public void Dispose()
    {
        _tokenizer.Dispose();
        _folder.Dispose();
    }
}
