namespace Hypercompress.Models.Tokenization.Unigram;

/// <summary>
/// The best way to every place of a text, kept from text to text: the score there and the token that ends there.
/// </summary>
/// <param name="singlePrecision">Whether scores are kept in 32 bits.</param>
internal sealed class BestPath(bool singlePrecision = false)
{
    private readonly List<PathStep> _steps = [];
    private double[] _scores = new double[64];
    private int[] _starts = new int[64];
    private int[] _ids = new int[64];
    private int _length;
    private long _work;

    /// <summary>Begins a text of as many units.</summary>
    public void Start(int length)
    {
        _length = length;
        if (length >= _scores.Length)
        {
            int size = Math.Max(length + 1, _scores.Length * 2);
            (_scores, _starts, _ids) = (new double[size], new int[size], new int[size]);
        }

        _scores[0] = 0;
        Array.Fill(_starts, -1, 0, length + 1);
    }

    /// <summary>The score of the best way to a place that some token ends at, or to the start.</summary>
    public double ScoreAt(int place) => _scores[place];

    /// <summary>Takes a token when it makes the best way to its end; of equals, the first stays.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="id">Its id.</param>
    /// <param name="score">The score of the way through it.</param>
    public void Offer(int start, int end, int id, double score)
    {
        if (_starts[end] < 0 || score > _scores[end])
        {
            (_scores[end], _starts[end], _ids[end]) = (singlePrecision ? (float)score : score, start, id);
        }
    }

    /// <summary>Counts a step of the search.</summary>
    public void CountStep() => _work += CharacterTrie.WorkPerStep;

    /// <summary>Takes the steps counted so far from a budget.</summary>
    /// <exception cref="WorkBudgetException">The budget is spent.</exception>
    public void Settle(WorkBudget budget)
    {
        budget.Spend(_work);
        _work = 0;
    }

    /// <summary>The tokens of the best way to the end; valid until the next text.</summary>
    public IReadOnlyList<PathStep> Trace()
    {
        _steps.Clear();
        for (int end = _length; end > 0; end = _starts[end])
        {
            _steps.Add(new PathStep(_starts[end], end, _ids[end]));
        }

        _steps.Reverse();
        return _steps;
    }
}
