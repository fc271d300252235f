using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace Synfin.Linux.Tests.Support;

/// <summary>
/// A network namespace of its own on a thread of its own: a kernel with nothing but a loopback, which ends with the thread. Sockets and
/// devices made on the thread belong to it and may be used on any thread; programs started on the thread run in it.
/// </summary>
internal sealed class NetworkNamespace : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    private NetworkNamespace()
    {
        _thread = new Thread(Work) { IsBackground = true, Name = "network namespace" };
        _thread.Start();
        Run(ThreadPrivileges.EnterNewNetworkNamespace);
    }

    /// <summary>Makes one, or skips the test where that is not possible.</summary>
    public static NetworkNamespace Create()
    {
        Requires.Tun();
        return new NetworkNamespace();
    }

    /// <summary>Runs something on the namespace's thread.</summary>
    public T Run<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        if (!((IAsyncResult)done.Task).AsyncWaitHandle.WaitOne(_patience)) throw new TimeoutException("the namespace's thread hangs");
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Runs something on the namespace's thread.</summary>
    public void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    /// <summary>A socket of this namespace.</summary>
    public Socket CreateSocket(AddressFamily family, SocketType type, ProtocolType protocol) =>
        Run(() => new Socket(family, type, protocol));

    /// <summary>Runs a program in this namespace and returns what it printed; it must succeed.</summary>
    public string Execute(string program, params string[] arguments)
    {
        Requires.Program(program);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Run(() => Process.Start(start)!);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(_patience))
        {
            process.Kill();
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} does not end");
        }
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output.Result}{error.Result}");
        }
        return output.Result;
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Work()
    {
        foreach (Action action in _work.GetConsumingEnumerable()) action();
    }
}
