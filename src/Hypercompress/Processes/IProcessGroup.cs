namespace Hypercompress.Processes;

/// <summary>
/// The processes that work on one run, on one machine or several. All of them take the same way through the run; what
/// is said here to be done by all is done by each of them in the same order, and waits for the others.
/// </summary>
public interface IProcessGroup : IDisposable
{
    /// <summary>The number of this process, from 0; number 0 writes the files and reports.</summary>
    int Rank { get; }

    /// <summary>Processes in all, 1 or more.</summary>
    int Size { get; }

    /// <summary>Adds up the values of all processes, element by element; done by all.</summary>
    /// <param name="values">Of the same length everywhere; the sums afterwards, the same bits in every process.</param>
    void Sum(Span<float> values);

    /// <summary>Adds up the values of all processes, element by element; done by all.</summary>
    /// <param name="values">Of the same length everywhere; the sums afterwards, the same bits in every process.</param>
    void Sum(Span<double> values);

    /// <summary>Gives the bytes of one process to all others; done by all.</summary>
    /// <param name="bytes">Of the same length everywhere; read in one process and written in the others.</param>
    /// <param name="from">Number of the process whose bytes they are.</param>
    void Broadcast(Span<byte> bytes, int from);

    /// <summary>Ends all processes: this one cannot go on.</summary>
    /// <param name="exitCode">The exit code of the whole.</param>
    void Abort(int exitCode);
}
