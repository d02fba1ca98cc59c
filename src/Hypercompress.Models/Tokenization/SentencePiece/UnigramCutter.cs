using System.Text;
using Hypercompress.Models.Tokenization.Unigram;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>
/// SentencePiece's unigram model (Kudo 2018): the cut of the highest sum of scores, summed in 32 bits as there. A piece
/// that the user defined costs next to nothing, a character that is not a piece the lowest score less ten.
/// </summary>
internal sealed class UnigramCutter : IPieceCutter
{
    private const float UnknownPenalty = 10;
    private const double UserDefinedCost = 0.1;

    // The smallest positive float, from which the search for the highest score starts there.
    private const float LeastHighestScore = 1.17549435E-38f;

    private readonly CharacterTrie _trie = new();
    private readonly double[] _scores;
    private readonly float _unknownScore;
    private readonly UnknownPieces _unknown;

    /// <param name="data">The model.</param>
    public UnigramCutter(SentencePieceData data)
    {
        _unknown = new UnknownPieces(data);
        _scores = new double[data.Pieces.Length];
        var normal = data.Pieces.Where(piece => piece.Type == PieceType.Normal).Select(piece => piece.Score).ToArray();
        float highest = normal.Append(LeastHighestScore).Max();
        _unknownScore = normal.Append(float.MaxValue).Min() - UnknownPenalty;
        for (int id = 0; id < _scores.Length; id++)
        {
            var piece = data.Pieces[id];
            bool userDefined = piece.Type == PieceType.UserDefined;
            if (userDefined || piece.Type == PieceType.Normal)
            {
                _trie.Add(piece.Text, id);
                _scores[id] = userDefined
                    ? (Encoding.UTF8.GetByteCount(piece.Text) * highest) - UserDefinedCost
                    : piece.Score;
            }
        }
    }

    public void Cut(string normalized, List<int> ids, WorkBudget budget)
    {
        var path = new BestPath(singlePrecision: true);
        path.Start(normalized.Length);
        for (int start = 0, length; start < normalized.Length; start += length)
        {
            length = char.IsHighSurrogate(normalized[start]) ? 2 : 1;
            double score = path.ScoreAt(start);
            if (!OfferPieces(normalized, start, length, score, path))
            {
                path.Offer(start, start + length, _unknown.Id, (float)(score + _unknownScore));
            }

            path.Settle(budget);
        }

        int first = ids.Count;
        foreach (var (start, end, id) in path.Trace())
        {
            if (id == _unknown.Id)
            {
                _unknown.Append(normalized.AsSpan(start, end - start), ids, first);
            }
            else
            {
                ids.Add(id);
            }
        }
    }

    /// <summary>Offers all pieces that begin at a place; whether one of them is just the character there.</summary>
    private bool OfferPieces(string text, int start, int characterLength, double score, BestPath path)
    {
        bool single = false;
        int node = CharacterTrie.Root;
        for (int end = start; end < text.Length && _trie.TryStep(node, text[end], out node); end++)
        {
            path.CountStep();
            int id = _trie.ValueAt(node);
            if (id >= 0)
            {
                path.Offer(start, end + 1, id, score + _scores[id]);
                single |= end + 1 - start == characterLength;
            }
        }

        return single;
    }
}
