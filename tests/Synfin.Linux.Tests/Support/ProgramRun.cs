using System.Diagnostics;
using System.Text;
using Xunit;

namespace Synfin.Linux.Tests.Support;

/// <summary>A program that runs in a kernel's network, and ends with the test at the latest.</summary>
internal sealed class ProgramRun : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<byte[]> _output;
    private readonly Task<string> _errors;
    private readonly string _command;

    private ProgramRun(Process process, string command)
    {
        _process = process;
        _command = command;
        _output = ReadAllAsync(process.StandardOutput.BaseStream);
        _errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Starts it; skips the test if it is not installed.</summary>
    public static ProgramRun Start(NetworkNamespace kernel, string program, params string[] arguments)
    {
        Requires.Program(program);
        var start = new ProcessStartInfo(Requires.Find(program)!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ProgramRun(kernel.Start(start), $"{program} {string.Join(' ', arguments)}");
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its output, and its exit code.</returns>
    public static async Task<(byte[] Output, int Exit)> RunAsync(
        NetworkNamespace kernel, string program, ReadOnlyMemory<byte> input, params string[] arguments)
    {
        using ProgramRun run = Start(kernel, program, arguments);
        await run.FeedAsync(input);
        return (await run.OutputAsync(), run._process.ExitCode);
    }

    /// <summary>Runs it to its end, which has to be a good one, and returns what it printed.</summary>
    public static async Task<byte[]> CallAsync(NetworkNamespace kernel, string program, params string[] arguments)
    {
        using ProgramRun run = Start(kernel, program, arguments);
        await run.FeedAsync(default);
        byte[] output = await run.OutputAsync();
        Assert.True(run._process.ExitCode == 0, $"{run._command} ended with {run._process.ExitCode}:\n{await run._errors}");
        return output;
    }

    /// <summary>The same for text.</summary>
    public static async Task<string> CallForTextAsync(NetworkNamespace kernel, string program, params string[] arguments) =>
        Encoding.UTF8.GetString(await CallAsync(kernel, program, arguments));

    /// <summary>Writes all of its input, and ends it.</summary>
    public async Task FeedAsync(ReadOnlyMemory<byte> input)
    {
        Stream stream = _process.StandardInput.BaseStream;
        try
        {
            await stream.WriteAsync(input, TestContext.Current.CancellationToken);
            stream.Close();
        }
        catch (IOException)
        {
            // It had enough: its output and its exit code tell whether that is right.
        }
    }

    /// <summary>All that it prints, when it has ended.</summary>
    public async Task<byte[]> OutputAsync()
    {
        byte[] output = await _output.InTime(_patience);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).InTime(_patience);
        return output;
    }

    /// <summary>Waits until a server listens on a TCP port, and fails with what it says if it ends instead.</summary>
    public async Task ListensAsync(NetworkNamespace kernel, int port)
    {
        long start = Stopwatch.GetTimestamp();
        while (!kernel.Call("ss", "-H", "-t", "-l", "-n", $"sport = :{port}").Contains("LISTEN", StringComparison.Ordinal))
        {
            if (_process.HasExited) Assert.Fail($"{_command} ended with {_process.ExitCode}: {await _errors}");
            Assert.True(Stopwatch.GetElapsedTime(start) < _patience, $"{_command} does not listen on port {port}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
