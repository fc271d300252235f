using System.Diagnostics;
using System.Text;
using Synfin.Cli.CommandLine;
using Xunit;

namespace Synfin.Linux.Tests.CommandTests;

/// <summary>The program "synfin" as a user starts it, in a network namespace, with its own status folder.</summary>
internal sealed class SynfinProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _errorText = new();
    private readonly SemaphoreSlim _newError = new(0);
    private readonly Task _readingErrors;

    private SynfinProcess(Process process)
    {
        _process = process;
        _readingErrors = ReadErrors();
    }

    /// <summary>Standard input.</summary>
    public StreamWriter Input => _process.StandardInput;

    /// <summary>Standard output.</summary>
    public StreamReader Output => _process.StandardOutput;

    /// <summary>What it has said on standard error.</summary>
    public string Error
    {
        get
        {
            lock (_errorText) return _errorText.ToString();
        }
    }

    /// <summary>Starts it; words are parted by blanks.</summary>
    public static SynfinProcess Start(NetworkNamespace kernel, string runtimeFolder, string arguments)
    {
        string program = typeof(SynfinCommandLine).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [program, .. arguments.Split(' ')])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_RUNTIME_DIR"] = runtimeFolder;
        return new SynfinProcess(kernel.Start(start));
    }

    /// <summary>Waits until standard error says so.</summary>
    public async Task Says(string part)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(_patience);
        while (!Error.Contains(part, StringComparison.Ordinal))
        {
            Assert.False(_process.HasExited && _readingErrors.IsCompleted, $"ended with: {Error}");
            await _newError.WaitAsync(late.Token);
        }
    }

    /// <summary>A line of standard output.</summary>
    public async Task<string> Line() =>
        await Output.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(_patience) ?? "";

    /// <summary>As Ctrl-C, or SIGTERM.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> ExitCode()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(_patience);
        await _readingErrors.WaitAsync(_patience);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private async Task ReadErrors()
    {
        char[] buffer = new char[1024];
        while (await _process.StandardError.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_errorText) _errorText.Append(buffer, 0, count);
            _newError.Release();
        }
        _newError.Release();
    }
}
