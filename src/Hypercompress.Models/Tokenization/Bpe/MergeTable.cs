namespace Hypercompress.Models.Tokenization.Bpe;

/// <summary>Which neighbouring symbols may merge, how early, and into what.</summary>
internal sealed class MergeTable
{
    private readonly Dictionary<long, (int Rank, int NewId)> _merges;
    private readonly HashSet<uint> _joinable = [];

    public MergeTable(int capacity) => _merges = new Dictionary<long, (int, int)>(capacity);

    /// <summary>Adds a merge of the next rank.</summary>
    /// <param name="left">Id of the left token, and its last unit.</param>
    /// <param name="right">Id of the right token, and its first unit.</param>
    /// <param name="rank">Smaller merges first; of equal ranks, the one further left.</param>
    /// <param name="newId">The id of the result.</param>
    public void Add((int Id, char Last) left, (int Id, char First) right, int rank, int newId)
    {
        _merges[Key(left.Id, right.Id)] = (rank, newId);
        _joinable.Add(Units(left.Last, right.First));
    }

    public bool TryGet(int left, int right, out (int Rank, int NewId) merge) =>
        _merges.TryGetValue(Key(left, right), out merge);

    /// <summary>Whether any merge could ever join two symbols across these neighbouring characters.</summary>
    public bool CanJoin(char left, char right) => _joinable.Contains(Units(left, right));

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    private static uint Units(char left, char right) => ((uint)left << 16) | right;
}
