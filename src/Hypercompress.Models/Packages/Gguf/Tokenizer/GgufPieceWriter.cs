using Hypercompress.Models.Errors;
using Hypercompress.Models.Templates;
using Hypercompress.Models.Tokenization.SentencePiece;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>Turns a SentencePiece <c>tokenizer.model</c> into what a GGUF file says of a tokenizer.</summary>
/// <param name="tokenizer">The tokenizer that was made of it.</param>
/// <param name="vocabularySize">Rows of the model's embedding: the tokens that the file has to list.</param>
internal sealed class GgufPieceWriter(SentencePieceTokenizer tokenizer, int vocabularySize)
{
    // That of tokens that never come out of text by the model.
    private const float NoScore = -1000;

    private SentencePieceData Model => tokenizer.Data;

    private NormalizerSpec Normalizer => Model.Normalizer;

    /// <summary>The metadata.</summary>
    /// <exception cref="ConfigurationException">GGUF has no tokenizer of the kind.</exception>
    public GgufTokenizerData Data()
    {
        RequireExpressible();
        GgufTokenTable table = Table();
        int[] framed = tokenizer.Encode("a");
        var data = new GgufTokenizerData(
            Model: Model.IsBpe ? "llama" : "t5",
            Pre: "default",
            Tokens: table.Tokens,
            Scores: [.. Enumerable.Range(0, vocabularySize).Select(Score)],
            TokenTypes: table.Types,
            Merges: null,
            Bos: tokenizer.BosTokenId,
            Eos: tokenizer.EosTokenId,
            Unknown: Model.UnknownId,
            Padding: tokenizer.PadTokenId,
            AddBos: tokenizer.BosTokenId is int bos && framed.Length > 0 && framed[0] == bos,
            AddEos: tokenizer.EosTokenId is int eos && framed.Length > 1 && framed[^1] == eos,
            AddSpacePrefix: Normalizer.AddDummyPrefix,
            ChatTemplate: tokenizer.Settings.ChatTemplate)
        {
            CharacterMap = Model.IsBpe ? null : Normalizer.MapBytes,
            RemoveExtraWhitespaces = Model.IsBpe ? null : Normalizer.RemoveExtraWhitespaces,
        };
        var test = new TokenizerSelfTest(tokenizer, tokenizer.AddedTokens, document: null);
        return data with { Notes = test.Compare(data) };
    }

    private void RequireExpressible()
    {
        if (!Normalizer.EscapeWhitespaces || Normalizer.WhitespaceAsSuffix)
        {
            throw GgufTokenTable.Refusal("a SentencePiece tokenizer that writes spaces in another way");
        }

        if (Model.IsBpe && (Normalizer.Map is not null || Normalizer.RemoveExtraWhitespaces))
        {
            throw GgufTokenTable.Refusal("a SentencePiece BPE tokenizer that rewrites text or takes spaces out");
        }

        if (Model.IsBpe != Model.ByteFallback)
        {
            throw GgufTokenTable.Refusal(
                Model.IsBpe ? "a SentencePiece BPE tokenizer without bytes" : "a unigram tokenizer with bytes");
        }
    }

    private GgufTokenTable Table()
    {
        var table = new GgufTokenTable(vocabularySize);
        table.RequireRoomFor(tokenizer.VocabularySize);
        for (int id = 0; id < Model.Pieces.Length; id++)
        {
            table.Set(id, Model.Pieces[id].Text, (int)Model.Pieces[id].Type);
        }

        table.SetAdded(tokenizer.AddedTokens, Model.Pieces[Model.UnknownId].Text);
        table.Fill();
        return table;
    }

    private float Score(int id) => id < Model.Pieces.Length ? Model.Pieces[id].Score : NoScore;
}
