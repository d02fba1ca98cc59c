using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;

namespace Hypercompress.Processes.Mpi;

/// <summary>
/// The functions of an MPI library that is found when the program runs. Open MPI and MPICH (with what is compatible
/// with it, such as Intel MPI) have the same functions and other handles: addresses of objects there, numbers here.
/// </summary>
/// <remarks>MPI 3.1, https://www.mpi-forum.org/docs/mpi-3.1.</remarks>
internal sealed unsafe partial class MpiLibrary
{
    private const int LoadNow = 2;
    private const int LoadGlobally = 0x100;

    private static readonly string[] OpenMpiNames = ["libmpi.so.40", "libmpi.so"];
    private static readonly string[] MpichNames = ["libmpich.so.12", "libmpi.so.12", "libmpich.so"];

    private readonly nint _handle;
    private readonly bool _isOpenMpi;

    private MpiLibrary(nint handle)
    {
        _handle = handle;
        _isOpenMpi = NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out nint world);
        World = _isOpenMpi ? world : 0x44000000;
        Byte = HandleOf("ompi_mpi_byte", 0x4c00010d);
        Float = HandleOf("ompi_mpi_float", 0x4c00040a);
        Double = HandleOf("ompi_mpi_double", 0x4c00080b);
        Addition = HandleOf("ompi_mpi_op_sum", 0x58000003);
        InitThread = (delegate* unmanaged<int*, nint, int, int*, int>)Function("MPI_Init_thread");
        CommRank = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_rank");
        CommSize = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_size");
        Allreduce = (delegate* unmanaged<nint, void*, int, nint, nint, nint, int>)Function("MPI_Allreduce");
        Bcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)Function("MPI_Bcast");
        Ibarrier = (delegate* unmanaged<nint, nint*, int>)Function("MPI_Ibarrier");
        Test = (delegate* unmanaged<nint*, int*, nint, int>)Function("MPI_Test");
        Abort = (delegate* unmanaged<nint, int, int>)Function("MPI_Abort");
        Finish = (delegate* unmanaged<int>)Function("MPI_Finalize");
    }

    public nint World { get; }

    public nint Byte { get; }

    public nint Float { get; }

    public nint Double { get; }

    public nint Addition { get; }

    public nint InPlace => _isOpenMpi ? 1 : -1;

    public nint NoStatus => _isOpenMpi ? 0 : 1;

    public delegate* unmanaged<int*, nint, int, int*, int> InitThread { get; }

    public delegate* unmanaged<nint, int*, int> CommRank { get; }

    public delegate* unmanaged<nint, int*, int> CommSize { get; }

    public delegate* unmanaged<nint, void*, int, nint, nint, nint, int> Allreduce { get; }

    public delegate* unmanaged<void*, int, nint, int, nint, int> Bcast { get; }

    public delegate* unmanaged<nint, nint*, int> Ibarrier { get; }

    public delegate* unmanaged<nint*, int*, nint, int> Test { get; }

    public delegate* unmanaged<nint, int, int> Abort { get; }

    public delegate* unmanaged<int> Finish { get; }

    /// <summary>Finds the library.</summary>
    /// <param name="prefersMpich">Whether MPICH is tried first: its launcher started the process.</param>
    /// <returns>The library, loaded.</returns>
    /// <exception cref="ConfigurationException">There is none.</exception>
    public static MpiLibrary Load(bool prefersMpich)
    {
        string[] names = prefersMpich ? [.. MpichNames, .. OpenMpiNames] : [.. OpenMpiNames, .. MpichNames];
        foreach (string name in names)
        {
            if (Open(name) is var handle and not 0)
            {
                return new MpiLibrary(handle);
            }
        }

        throw new ConfigurationException(
            $"this process was started by mpirun, and no MPI library is found ({string.Join(", ", names)}); install "
            + "Open MPI or MPICH, or set LD_LIBRARY_PATH to its folder");
    }

    // The parts that Open MPI loads itself look for its functions among those of the whole process.
    private static nint Open(string name)
    {
        try
        {
            return OpenGlobally(name, LoadNow | LoadGlobally);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library that has this function elsewhere.
            return NativeLibrary.TryLoad(name, out nint handle) ? handle : 0;
        }
    }

    private nint HandleOf(string openMpi, nint mpich) => _isOpenMpi ? Function(openMpi) : mpich;

    private nint Function(string name) => NativeLibrary.GetExport(_handle, name);

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint OpenGlobally(string name, int flags);
}
