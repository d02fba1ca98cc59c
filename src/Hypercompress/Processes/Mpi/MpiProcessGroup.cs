namespace Hypercompress.Processes.Mpi;

/// <summary>The processes that <c>mpirun</c> started.</summary>
internal sealed unsafe class MpiProcessGroup : IProcessGroup
{
    // Any thread may call, one at a time.
    private const int Serialized = 2;
    private const int Tries = 2000;

    private readonly MpiLibrary _mpi;
    private bool _isOver;

    /// <summary>Joins the others; to be done once in a process.</summary>
    /// <param name="mpi">The library.</param>
    public MpiProcessGroup(MpiLibrary mpi)
    {
        _mpi = mpi;
        int given;
        Require(mpi.InitThread(null, 0, Serialized, &given));
        (int rank, int size) = (0, 0);
        Require(mpi.CommRank(mpi.World, &rank));
        Require(mpi.CommSize(mpi.World, &size));
        (Rank, Size) = (rank, size);
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public void Sum(Span<float> values)
    {
        Wait();
        fixed (float* start = values)
        {
            Require(_mpi.Allreduce(_mpi.InPlace, start, values.Length, _mpi.Float, _mpi.Addition, _mpi.World));
        }
    }

    /// <inheritdoc/>
    public void Sum(Span<double> values)
    {
        Wait();
        fixed (double* start = values)
        {
            Require(_mpi.Allreduce(_mpi.InPlace, start, values.Length, _mpi.Double, _mpi.Addition, _mpi.World));
        }
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> bytes, int from)
    {
        Wait();
        fixed (byte* start = bytes)
        {
            Require(_mpi.Bcast(start, bytes.Length, _mpi.Byte, from, _mpi.World));
        }
    }

    /// <inheritdoc/>
    public void Abort(int exitCode) => _mpi.Abort(_mpi.World, exitCode);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isOver)
        {
            _isOver = true;
            Wait();
            Require(_mpi.Finish());
        }
    }

    // MPI waits by asking again and again, which would take the core from processes that still compute on it.
    private void Wait()
    {
        nint request;
        Require(_mpi.Ibarrier(_mpi.World, &request));
        int done = 0;
        for (int tries = 0; done == 0; tries++)
        {
            Require(_mpi.Test(&request, &done, _mpi.NoStatus));
            if (done == 0 && tries >= Tries)
            {
                Thread.Sleep(1);
            }
        }
    }

    // MPI ends all processes on a fault, unless it was told otherwise.
    private static void Require(int code)
    {
        if (code != 0)
        {
            throw new IOException($"MPI failed with code {code}");
        }
    }
}
