using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Hypercompress.Benchmarks;

if (args is ["tasks", _, _, _, _, _, ..])
{
    TaskThroughput.Run(args);
    return;
}

if (args is ["runtime", _, _, ..])
{
    RuntimeComparison.Run(args);
    return;
}

if (args is ["shape", _, _, _, _, _, _, _, _])
{
    LlamaShapedModel.Run(args);
    return;
}

// In this process: libtorch's native files lie beside this program, and a generated one would look for them in vain.
IConfig config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .AddColumn(new RateColumn());
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
