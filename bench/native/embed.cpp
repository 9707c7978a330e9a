// Embeds one text of random tokens again and again on several contexts with one thread each, as the embedder does, without Node.
// Usage: embed <folder of the libraries> <model.gguf> <contexts> <tokens a text> <seconds> <flash attention: 0 or 1>
// Prints {"units":<tokens>,"wallSeconds":…,"cpuSeconds":…}.
#include "ggml-backend.h"
#include "llama.h"
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>
#include <thread>
#include <vector>

static double cpu_seconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void embed_until(llama_model *model, int n_tokens, bool flash, double seconds, long *embedded) {
  llama_context_params params = llama_context_default_params();
  params.n_ctx = params.n_batch = params.n_ubatch = 512;
  params.n_threads = params.n_threads_batch = 1;
  params.embeddings = true;
  params.flash_attn_type = flash ? LLAMA_FLASH_ATTN_TYPE_ENABLED : LLAMA_FLASH_ATTN_TYPE_DISABLED;
  llama_context *context = llama_init_from_model(model, params);
  if (context == nullptr) std::exit(1);
  const int n_vocab = llama_vocab_n_tokens(llama_model_get_vocab(model));
  llama_batch batch = llama_batch_init(512, 0, 1);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  for (unsigned salt = 0; std::chrono::steady_clock::now() < end; salt++) {
    batch.n_tokens = n_tokens;
    for (int i = 0; i < n_tokens; i++) {
      batch.token[i] = 1000 + (i * 7919 + salt * 104729) % (n_vocab - 1000);
      batch.pos[i] = i;
      batch.n_seq_id[i] = 1;
      batch.seq_id[i][0] = 0;
      batch.logits[i] = true;
    }
    llama_memory_t memory = llama_get_memory(context);
    if (memory != nullptr) llama_memory_clear(memory, true);
    if (llama_encode(context, batch) != 0 || llama_get_embeddings_seq(context, 0) == nullptr) std::exit(2);
    *embedded += n_tokens;
  }
  llama_batch_free(batch);
  llama_free(context);
}

int main(int argc, char **argv) {
  if (argc != 7) return 64;
  llama_log_set([](ggml_log_level, const char *, void *) {}, nullptr);
  ggml_backend_load_all_from_path(argv[1]);
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = 0;
  llama_model *model = llama_model_load_from_file(argv[2], params);
  if (model == nullptr) return 1;
  const int contexts = std::atoi(argv[3]);
  std::vector<long> embedded(contexts, 0);
  std::vector<std::thread> threads;
  const double cpu_before = cpu_seconds();
  const auto started_at = std::chrono::steady_clock::now();
  for (int i = 0; i < contexts; i++) {
    threads.emplace_back(embed_until, model, std::atoi(argv[4]), argv[6][0] == '1', std::atof(argv[5]), &embedded[i]);
  }
  for (auto &thread : threads) thread.join();
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - started_at).count();
  long total = 0;
  for (long count : embedded) total += count;
  std::printf("{\"units\":%ld,\"wallSeconds\":%f,\"cpuSeconds\":%f}\n", total, wall, cpu_seconds() - cpu_before);
  return 0;
}
